"""Mail that is a network away: EmailServer beside PyPI's mcp-email-server, on the same mailbox, in the same run.

    python3 Benchmarks/mail.py --email .build/release/EmailServer [--peer python-with-mcp-email-server]

Dovecot holds two thousand messages; both servers reach it through a proxy that adds 20 ms each way, so that a round trip costs 40 ms more.
Both list the newest hundred messages, on connections that are warm. What they ask of Dovecot is counted in its log.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

from database import ROOT
from driver import Server

sys.path.insert(0, os.path.join(ROOT, "Tests", "Doubles"))
import messages  # noqa: E402
from mailserver import MailServer  # noqa: E402
from proxy import Proxy  # noqa: E402

ROUND_TRIP = 0.040
COUNT = 2_000
PEER = "mcp-email-server==1.13.3"
LIST = "list_inbox of 100"


def tell(text):
    print(text, file=sys.stderr, flush=True)


def peer():
    """The Python that has the peer, in an environment of its own, made when it is missing."""
    folder = os.path.join(ROOT, ".venv-peer")
    python, mark = os.path.join(folder, "bin", "python"), os.path.join(folder, "installed.txt")
    if not (os.path.exists(mark) and open(mark).read() == PEER):
        tell(f"installing {PEER}")
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER], check=True)
        with open(mark, "w") as file:
            file.write(PEER)
    return python


class Mailbox:
    """A mailbox behind a slow network, and how each server is led to it."""

    def __init__(self):
        self.server = MailServer()
        self.account = self.server.account()
        messages.fill(self.account, COUNT)
        self.proxy = Proxy("127.0.0.1", self.server.imaps, ROUND_TRIP / 2)
        # What a connection costs a reader the first time is the mailbox's own index: not what is measured.
        with self.account.connect() as client:
            client.select("INBOX", readonly=True)
            client.uid("FETCH", "1:*", "(FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)")

    def ours(self, command, environment):
        settings = {
            "ATLAS_EMAIL_IMAP_HOST": "localhost", "ATLAS_EMAIL_IMAP_PORT": str(self.proxy.port), "ATLAS_EMAIL_IMAP_USERNAME": self.account.address,
            "ATLAS_EMAIL_IMAP_PASSWORD": self.account.password, "ATLAS_CA_FILE": str(self.server.ca), "ATLAS_RATE_LIMIT": "0"}
        request = ("list_inbox", {"query": "larger:0", "max_results": 100})
        return Server("EmailServer", command, environment | settings), request, lambda content: len(content["messages"])

    def theirs(self, python, environment):
        settings = {
            "MCP_EMAIL_SERVER_ACCOUNT_NAME": "bench", "MCP_EMAIL_SERVER_FULL_NAME": "Bench", "MCP_EMAIL_SERVER_EMAIL_ADDRESS": self.account.address,
            "MCP_EMAIL_SERVER_USER_NAME": self.account.address, "MCP_EMAIL_SERVER_PASSWORD": self.account.password,
            "MCP_EMAIL_SERVER_IMAP_HOST": "localhost", "MCP_EMAIL_SERVER_IMAP_PORT": str(self.proxy.port), "MCP_EMAIL_SERVER_IMAP_SSL": "true",
            "MCP_EMAIL_SERVER_IMAP_VERIFY_SSL": "true", "SSL_CERT_FILE": str(self.server.ca), "MCP_EMAIL_SERVER_SMTP_HOST": "localhost",
            "MCP_EMAIL_SERVER_SMTP_PORT": "1", "MCP_EMAIL_SERVER_CONFIG_PATH": str(self.server.folder / "peer.toml"), "HOME": str(self.server.folder),
            "MCP_EMAIL_SERVER_LOG_LEVEL": "ERROR"}
        command = [os.path.join(os.path.dirname(python), "mcp-email-server"), "stdio"]
        request = ("list_emails_metadata", {"account_name": "bench", "page": 1, "page_size": 100})
        return Server("mcp-email-server", command, environment | settings), request, lambda content: len(content["emails"])

    def close(self):
        self.proxy.close()
        self.server.close()


def timed(server, request, counted):
    """Seconds that one call takes; it must bring a hundred messages."""
    tool, arguments = request
    begun = time.perf_counter()
    result = server.call(tool, arguments, timeout=120)
    took = time.perf_counter() - begun
    if result.get("isError"):
        raise SystemExit(f"{server.name}: {result['content'][0]['text'][:500]}")
    found = counted(result["structuredContent"])
    if found != 100:
        raise SystemExit(f"{server.name} lists {found} messages, not 100")
    return took


def measure(note, command, python, environment, rounds=3, calls=5):
    """Notes what each takes. note(what, who, value, unit)."""
    mailbox = Mailbox()
    try:
        for _ in range(rounds):
            for start in (lambda: mailbox.ours(command, environment), lambda: mailbox.theirs(python, environment)):
                server, request, counted = start()
                with server:
                    server.open()
                    note("first " + LIST, server.name, timed(server, request, counted) * 1000, "ms")
                    timed(server, request, counted)
                    mailbox.account.forget()
                    times = [timed(server, request, counted) for _ in range(calls)]
                    time.sleep(0.2)
                    note(LIST, server.name, statistics.median(times) * 1000, "ms")
                    note(LIST + ", in round trips of 40 ms", server.name, statistics.median(times) / ROUND_TRIP, "")
                    for verbs in (("SEARCH", "SORT"), ("FETCH",)):
                        note(f"{' or '.join(verbs)} for each", server.name, mailbox.account.count(*verbs) / calls, "")
    finally:
        mailbox.close()


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--email", default=os.path.join(ROOT, ".build/release/EmailServer"))
    words.add_argument("--peer")
    words.add_argument("--rounds", type=int, default=3)
    options = words.parse_args()
    values = {}

    def note(what, who, value, unit):
        values.setdefault((what, who, unit), []).append(value)

    clean = {name: value for name, value in os.environ.items() if not name.startswith("ATLAS_")}
    measure(note, [os.path.abspath(options.email)], options.peer or peer(), clean, options.rounds)
    for (what, who, unit), found in values.items():
        print(f"{what:<45} {who:<18} {statistics.median(found):>9.1f} {unit}")
    ours, theirs = (statistics.median(values[LIST, who, "ms"]) for who in ("EmailServer", "mcp-email-server"))
    print(f"{theirs / ours:.1f} times as fast")


if __name__ == "__main__":
    main()
