"""``serve``: the server, and its tokens."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from megadesk.cli.arguments import UsageError
from megadesk.cli.context import Context
from megadesk.cli.output import Json, size_text
from megadesk.core.credentials import of_environment
from megadesk.stores.open import describe

if TYPE_CHECKING:
    from megadesk.server.run import Running
    from megadesk.server.tokens import Scope

HELP = "megadesk serve --help"


def serve(context: Context) -> int:
    """``serve [STORE]`` runs until it is stopped; ``serve token add|ls|rm`` manages who may use it."""
    words: list[str] = context.args.words
    if words[:1] == ["token"]:
        return _token(context, words[1:])
    if len(words) > 1:
        raise UsageError("One store is served at a time.", HELP)
    return _run(context, _store(context, words))


def _store(context: Context, words: list[str]) -> str:
    if words:
        return words[0]
    from megadesk.state.paths import Paths

    return str(Paths().default_store("server"))


def _run(context: Context, store: str) -> int:
    from megadesk.server.run import Listen, parse_listen
    from megadesk.server.serve import ServeOptions, check_public_url, logging_to, serve

    args, out = context.args, context.out
    host, port = parse_listen(args.listen)
    if (args.tls_cert is None) != (args.tls_key is None):
        raise UsageError("--tls-cert and --tls-key go together.", HELP)
    options = ServeOptions(
        store,
        Listen(host, port, args.tls_cert, args.tls_key, args.proxies),
        check_public_url(args.public_url) if args.public_url else "",
        args.quota,
        args.poll,
    )

    def first_token(text: str) -> None:
        if out.json:
            out.value({"token": text})
        else:
            out.line("The owner's token, shown this once and kept nowhere:")
            out.line(f"  {text}")
            out.line("Clients take it from MEGADESK_STORE_TOKEN, or ask for it.")
        out.flush()

    def started(running: Running) -> None:
        if out.json:
            out.value({"listening": running.url, "store": describe(store)})
        else:
            out.line(f"Serving {out.name(describe(store))} at {running.url}")
            if host not in ("127.0.0.1", "::1", "localhost") and args.tls_cert is None:
                out.note(
                    "megadesk: Without TLS, whoever is on the way reads the token: give --tls-cert, or use a proxy."
                )
        out.flush()

    with logging_to(sys.stderr):
        serve(options, of_environment(store), first_token=first_token, started=started)
    return 0


def _token(context: Context, words: list[str]) -> int:
    if not words:
        raise UsageError("Say what to do with tokens: add, ls or rm.", HELP)
    action, rest = words[0], words[1:]
    if action == "add":
        return _add(context, rest)
    if action == "ls":
        return _list(context, rest)
    if action == "rm":
        return _remove(context, rest)
    raise UsageError(f"There is no {action!r} of tokens: add, ls or rm.", HELP)


def _add(context: Context, words: list[str]) -> int:
    from megadesk.server.serve import open_behind
    from megadesk.server.tokens import Tokens

    args, out = context.args, context.out
    if len(words) > 1:
        raise UsageError("A token is for one store.", HELP)
    store = _store(context, words)
    folder = f"{args.prefix.strip('/')}/" if args.prefix.strip("/") else ""
    with open_behind(store, of_environment(store)) as opened:
        token, text = Tokens(opened).add(args.name, _scopes(args.scopes), prefix=folder, quota_bytes=args.quota)
    if out.json:
        out.value({"id": token.id, "token": text})
        return 0
    out.note(f"megadesk: The token of “{out.name(token.name)}”, shown this once and kept nowhere:")
    out.line(text)
    return 0


def _scopes(text: str) -> list[Scope]:
    from megadesk.server.tokens import Scope

    known = {scope.value: scope for scope in Scope}
    words = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in words if word not in known]
    if unknown or not words:
        raise UsageError(f"Scopes are {', '.join(known)}, separated by commas.", HELP)
    return [known[word] for word in words]


def _list(context: Context, words: list[str]) -> int:
    from megadesk.server.serve import open_behind
    from megadesk.server.tokens import Tokens

    out = context.out
    if len(words) > 1:
        raise UsageError("Tokens of one store are listed at a time.", HELP)
    store = _store(context, words)
    with open_behind(store, of_environment(store)) as opened:
        tokens = Tokens(opened).list()
    if out.json:
        out.value(
            [
                {
                    "id": token.id,
                    "name": token.name,
                    "scopes": list[Json](sorted(scope.value for scope in token.scopes)),
                    "prefix": token.prefix,
                    "quota_bytes": token.quota_bytes,
                    "created_ms": token.created_ms,
                }
                for token in tokens
            ]
        )
        return 0
    for token in tokens:
        scopes = ",".join(sorted(scope.value for scope in token.scopes))
        quota = f"  {size_text(token.quota_bytes)}" if token.quota_bytes is not None else ""
        out.line(f"{token.id}  {scopes:16}  /{token.prefix}{quota}  {out.name(token.name)}")
    return 0


def _remove(context: Context, words: list[str]) -> int:
    from megadesk.server.serve import open_behind
    from megadesk.server.tokens import Tokens

    if not 1 <= len(words) <= 2:
        raise UsageError("Name the token's id, and the store.", HELP)
    store = _store(context, words[1:])
    with open_behind(store, of_environment(store)) as opened:
        token = Tokens(opened).remove(words[0])
    if context.out.json:
        context.out.value({"id": token.id})
    else:
        context.out.line(f"Removed the token of “{context.out.name(token.name)}”.")
    return 0
