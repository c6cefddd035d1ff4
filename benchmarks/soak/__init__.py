"""Endurance: the demo's processes under the load that they are said to carry, for as long as wanted."""
