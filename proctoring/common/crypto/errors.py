"""The one way in which decrypting fails."""


class DecryptionError(Exception):
    """
    What was given cannot be decrypted. Why is not said: errors that differ help forgers.
    """

    def __init__(self) -> None:
        super().__init__("The data could not be decrypted.")
