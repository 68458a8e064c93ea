"""A cursor over a piece of a query string, with PostgREST's words for what is wrong with it."""

from __future__ import annotations

_NAME_ENDS = frozenset(".,:()!\"'&<>=")


class QueryError(ValueError):
    """A query string that cannot be read (PGRST100): `message` says where, `details` what."""

    def __init__(self, message: str, details: str) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Scanner:
    """Reads `text` from left to right; `what` names it in errors ("filter", "order")."""

    def __init__(self, text: str, what: str) -> None:
        self.text = text
        self.what = what
        self.position = 0

    def error(self, details: str, position: int | None = None) -> QueryError:
        column = (self.position if position is None else position) + 1
        message = f'"failed to parse {self.what} ({self.text})" (line 1, column {column})'
        return QueryError(message, details)

    def peek(self, token: str) -> bool:
        return self.text.startswith(token, self.position)

    def take(self, token: str) -> bool:
        """Step over `token` when it is next."""
        if not self.peek(token):
            return False
        self.position += len(token)
        return True

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise self.error(f'unexpected {self._next()} expecting "{token}"')

    def end(self) -> None:
        if self.position < len(self.text):
            raise self.error(f"unexpected {self._next()} expecting end of input")

    def rest(self) -> str:
        """Everything that is left."""
        taken, self.position = self.text[self.position :], len(self.text)
        return taken

    def spaces(self) -> None:
        while self.position < len(self.text) and self.text[self.position] in " \t":
            self.position += 1

    def word(self) -> str:
        """Letters, digits and underscores: an operator or a type."""
        start = self.position
        while self.position < len(self.text) and (
            self.text[self.position].isalnum() or self.text[self.position] in "_ []"
        ):
            self.position += 1
        if start == self.position:
            raise self.error(f"unexpected {self._next()} expecting letter")
        return self.text[start : self.position].strip()

    def name(self) -> str:
        """A column's name: quoted, or up to the next sign that cannot be in one."""
        self.spaces()
        if self.peek('"'):
            return self.quoted()
        start = self.position
        while self.position < len(self.text) and not self._name_ends():
            self.position += 1
        name = self.text[start : self.position].strip()
        if not name:
            raise self.error(
                f"unexpected {self._next()} expecting field name (* or [a..z0..9_$])", start
            )
        return name

    def _name_ends(self) -> bool:
        return self.text[self.position] in _NAME_ENDS or self.peek("->")

    def quoted(self) -> str:
        """The inside of `"..."`; a backslash takes the next sign as it is."""
        self.expect('"')
        out: list[str] = []
        while self.position < len(self.text):
            sign = self.text[self.position]
            self.position += 1
            if sign == '"':
                return "".join(out)
            if sign == "\\" and self.position < len(self.text):
                sign = self.text[self.position]
                self.position += 1
            out.append(sign)
        raise self.error('unexpected end of input expecting """')

    def list(self, opening: str, closing: str) -> tuple[str, ...]:
        """`(a,"b,c",d)` as its elements; `()` has none."""
        self.expect(opening)
        if self.take(closing):
            return ()
        items = [self._element(closing)]
        while self.take(","):
            items.append(self._element(closing))
        self.expect(closing)
        return tuple(items)

    def _element(self, closing: str) -> str:
        if self.peek('"'):
            start = self.position
            text = self.quoted()
            if self.position == len(self.text) or self.peek(",") or self.peek(closing):
                return text
            self.position = start  # the quotes were only a part of it
        return self._until("," + closing)

    def value(self) -> str:
        """A value inside a logic tree: quoted, `{an,array}`, or up to the next `,` or `)`."""
        if self.peek('"'):
            return self.quoted()
        if self.peek("{"):
            start = self.position
            self._until("}")
            self.expect("}")
            return self.text[start : self.position]
        return self._until(",)")

    def _until(self, ends: str) -> str:
        start = self.position
        while self.position < len(self.text) and self.text[self.position] not in ends:
            self.position += 1
        return self.text[start : self.position]

    def _next(self) -> str:
        if self.position >= len(self.text):
            return "end of input"
        return f'"{self.text[self.position]}"'
