"""What the demo LMS offers the exam app: its ports, answered from the demo's tables. Every call may be repeated."""
