"""What both apps share. No exam words here: the only part of `proctoring` that `verify_student` may import."""
