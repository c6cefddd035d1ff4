"""A proctoring vendor that watches nobody: it speaks the REST vendor protocol and does what its plans say."""
