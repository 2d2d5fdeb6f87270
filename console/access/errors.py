"""What an operator is told when something of an account can't be done."""


class OperatorError(Exception):
    """The requested act is not possible. The message is a Chinese sentence for the operator."""


class WrongSecretError(OperatorError):
    """A password or code is wrong: the try counts."""
