"""``python -m tests.architecture.sizes`` shows how the product's sizes compare with the targets."""

from tests.architecture.rules.sizes import targets
from tests.architecture.rules.source import PROJECT

if __name__ == "__main__":
    print(targets(PROJECT))
