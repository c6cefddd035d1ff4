"""Commands as an operator calls them."""

from io import StringIO

from django.core.management import CommandError, call_command, load_command_class


def run(command, *arguments, **options):
    """What the command wrote: to standard output, and to standard error."""
    out, err = StringIO(), StringIO()
    call_command(command, *arguments, stdout=out, stderr=err, no_color=True, **options)
    return out.getvalue(), err.getvalue()


def exit_code(command, *arguments):
    """What the shell is told; ``run_from_argv`` itself would close the test's connection to the database."""
    called = load_command_class("verify_student", command)
    try:
        run(called, *map(str, arguments))
    except CommandError as error:
        return error.returncode
    return int(bool(called.failures))


def listed(path, *values):
    """A file with one of the values in each line."""
    path.write_text("".join(f"{value}\n" for value in values))
    return path
