"""A real Dovecot in a private folder on loopback: IMAP with STARTTLS and with TLS from the start, under a CA of its own.

    python3 mailserver.py [--few] [--user ADDRESS]... [--messages N]

prints where it is as a line of JSON, takes orders as lines of JSON (`orders` below) and ends with its standard input. Every user has the
same password and the folders Drafts, Sent, Archive, Junk and Trash with their special uses; each session's protocol after log-in is
kept (`Account.sessions`). The certificate is for `localhost` alone: by any other name it does not fit. Standard library.
"""

import argparse
import base64
import contextlib
import glob
import grp
import hashlib
import hmac
import imaplib
import itertools
import json
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from certificates import Certificates

ROOT = os.geteuid() == 0
PASSWORD = "mailbox-Secret-7"  # everybody's; must never be seen in any output
ADDRESS = "office@mail.test"
SPECIAL = ["Drafts", "Sent", "Archive", "Junk", "Trash"]
# What a server of the nineties could do, apart from TLS and the ways to log in, which Dovecot adds where they are due.
FEW = "IMAP4rev1"
numbers = itertools.count(1)

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
auth_verbose = yes
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
# Of the file Dovecot notices a change within a second, so it is for the odd password only.
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = username_format=%Lu {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%Lu
}}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 300
namespace inbox {{
  inbox = yes
  separator = /
{mailboxes}}}
protocol imap {{
  rawlog_dir = {folder}/rawlog/%Lu
{capability}}}
service imap {{
  process_limit = 300
}}
service imap-login {{
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  # Else each wrong password makes the next answer later.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


def scratch(prefix):
    """A short-named folder (socket paths are limited to about 100 bytes) that the daemons' users may enter."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"))
    folder.chmod(0o755)
    return folder


def program():
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")
    if not found:
        raise RuntimeError("Dovecot is not installed: script/bootstrap --test")
    version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    if not version.startswith("2.3."):
        raise RuntimeError(f"Dovecot 2.3 is needed, this is {version.split(' ')[0] or 'something else'}: its configuration is written for 2.3")
    return found


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def modified_utf7(name):
    """A mailbox name as IMAP writes it (RFC 3501 5.1.3)."""
    def shifted(match):
        text = base64.b64encode(match[0].encode("utf-16-be")).decode().rstrip("=")
        return "&" + text.replace("/", ",") + "-"

    return re.sub("[^\x20-\x7e]+", shifted, name.replace("&", "&-"))


class MailServer:
    """A running Dovecot; `account()` makes a user, who costs next to nothing.

    capability: what it announces, instead of all that it can; FEW for what any server can do.
    """

    def __init__(self, capability=None):
        self.dovecot = program()
        self.folder = scratch("atlas-mail.")
        self.home, self.logs = self.folder / "home", self.folder / "rawlog"
        self.host, self.capability, self.process, self.accounts = "localhost", capability, None, {}
        person = pwd.getpwnam("mail") if ROOT else pwd.getpwuid(os.geteuid())
        self.uid, self.gid = person.pw_uid, person.pw_gid
        # By any other name it does not fit.
        self.certificates = Certificates(["DNS:localhost"])
        self.ca = self.certificates.ca_file
        try:
            self.key = hashlib.sha256(os.urandom(32)).digest()
            keys = self.folder / "oauth/default/HS256"
            keys.mkdir(parents=True)
            (keys / "default").write_text(base64.b64encode(self.key).decode())
            (self.folder / "oauth2.conf").write_text(
                f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={self.folder}/oauth/\n"
                "username_attribute = email\nusername_format = %Lu\n")
            (self.folder / "users").touch()
            for folder in (self.home, self.logs):
                self.own(folder)
            self.start()
        except BaseException:
            self.close()
            raise

    def own(self, folder):
        """A folder of the user whom mail belongs to, made where it is missing."""
        folder.mkdir(exist_ok=True)
        if ROOT:
            os.chown(folder, self.uid, self.gid)
        return folder

    def start(self):
        for _ in range(3):  # another program may take a port first
            self.imap, self.imaps = free_ports(2)
            self.configure()
            self.process = subprocess.Popen(
                [self.dovecot, "-F", "-c", self.folder / "dovecot.conf"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, cwd="/", start_new_session=True)
            end = time.monotonic() + 10
            while time.monotonic() < end and self.process.poll() is None:
                if all(map(self.greets, (self.imap, self.imaps))):
                    return
                time.sleep(0.02)
            self.stop()
        raise RuntimeError(f"Dovecot did not start: {self.process.stderr.read().decode()}{self.log[-1500:]}")

    def configure(self):
        person = pwd.getpwuid(os.geteuid()).pw_name
        mailboxes = "".join(f"  mailbox {name} {{\n    auto = subscribe\n    special_use = \\{name}\n  }}\n" for name in SPECIAL)
        (self.folder / "dovecot.conf").write_text(CONFIGURATION.format(
            folder=self.folder, password=PASSWORD, certificate=self.certificates.cert_file, key=self.certificates.key_file, uid=self.uid, gid=self.gid, imap=self.imap, imaps=self.imaps, mailboxes=mailboxes,
            internal="dovecot" if ROOT else person, login="dovenull" if ROOT else person,
            group="dovecot" if ROOT else grp.getgrgid(os.getegid()).gr_name,
            capability=f"  imap_capability = {self.capability}\n" if self.capability else ""))

    @staticmethod
    def greets(port):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        return False

    def stop(self):
        """Ends it, all its sessions with it; `start` begins again, on other ports."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(5)

    def close(self):
        self.stop()
        self.certificates.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def log(self):
        """What the server says of itself: log-ins, failures."""
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def account(self, address=None, password=PASSWORD):
        """A user, made on first use; a new one where no address is given."""
        address = address or f"user{next(numbers)}@mail.test"
        if address not in self.accounts:
            self.accounts[address] = Account(self, address, password)
            if password != PASSWORD:
                self.let_in(address, password)
        return self.accounts[address]

    def let_in(self, address, password):
        """Takes this password of that user, too, a second from now at the latest."""
        with open(self.folder / "users", "a") as users:
            users.write(f"{address}:{{PLAIN}}{password}\n")

    def token(self, address, seconds=3600):
        """An access token that XOAUTH2 and OAUTHBEARER take for this address (a JSON Web Token); negative seconds: it has expired."""
        def text(octets):
            return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()

        now = int(time.time())
        claims = {"sub": address, "email": address, "iat": min(now, now + seconds) - 1, "exp": now + seconds, "jti": os.urandom(8).hex()}
        body = ".".join(text(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
        return f"{body}.{text(hmac.new(self.key, body.encode(), hashlib.sha256).digest())}"

    def where(self):
        """What another program has to know."""
        return {"host": self.host, "imap": self.imap, "imaps": self.imaps, "ca": str(self.ca), "folder": str(self.folder),
                "home": str(self.home), "logs": str(self.logs), "users": [account.entry() for account in self.accounts.values()]}


class Account:
    """One user's mail, on disk, over IMAP and in the protocol's log."""

    def __init__(self, server, address, password):
        self.server, self.address, self.password = server, address, password
        self.home, self.logs = server.own(server.home / address), server.own(server.logs / address)
        self.maildir = self.home / "Maildir"
        self.make("INBOX")

    def entry(self):
        return {"address": self.address, "password": self.password, "token": self.server.token(self.address),
                "expired_token": self.server.token(self.address, -60), "maildir": str(self.maildir), "logs": str(self.logs)}

    def make(self, mailbox):
        """The folder of a mailbox (`Büro/Angebote`), made and subscribed to where it is missing."""
        inbox = mailbox.upper() == "INBOX"
        path = self.maildir if inbox else self.maildir / ("." + modified_utf7(mailbox).replace("/", "."))
        if path.exists():
            return path
        for folder in (path, path / "cur", path / "new", path / "tmp"):
            self.server.own(folder)
        if not inbox:
            with open(self.maildir / "subscriptions", "a") as subscriptions:
                subscriptions.write(modified_utf7(mailbox) + "\n")
            self.own(self.maildir / "subscriptions")
        return path

    def own(self, file):
        if ROOT:
            os.chown(file, self.server.uid, self.server.gid)

    def deliver(self, message, mailbox="INBOX", flags="", date=None):
        """Puts a message there, as it is. flags: Maildir's (D draft, F flagged, R replied, S seen, T deleted); date: when it arrived."""
        now, folder = time.time(), self.make(mailbox)
        name = f"{int(now)}.M{next(numbers):09}P{os.getpid()}.atlas,S={len(message)}:2,{''.join(sorted(flags))}"
        temporary = folder / "tmp" / name
        temporary.write_bytes(message)
        os.utime(temporary, (date or now, date or now))
        self.own(temporary)
        temporary.rename(folder / "cur" / name)

    def connect(self, secure=True):
        """An imaplib session of this user."""
        context = ssl.create_default_context(cafile=self.server.ca)
        if secure:
            client = imaplib.IMAP4_SSL(self.server.host, self.server.imaps, ssl_context=context)
        else:
            client = imaplib.IMAP4(self.server.host, self.server.imap)
            client.starttls(context)
        client.login(self.address, self.password)
        return client

    def messages(self, mailbox="INBOX"):
        """What is in a mailbox, read over IMAP: [(octets, {flags})], oldest first."""
        with self.connect() as client:
            if client.select('"' + modified_utf7(mailbox) + '"', readonly=True)[0] != "OK":
                return []
            answers = client.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")[1]
        flags = [{flag.decode() for flag in imaplib.ParseFlags(a[0])} for a in answers if isinstance(a, tuple)]
        return list(zip([a[1] for a in answers if isinstance(a, tuple)], flags))

    def sessions(self):
        """What each session did after log-in, in the order of their beginnings: `commands`, `lines`, `round_trips`."""
        found = [session(path) for path in glob.glob(f"{glob.escape(str(self.logs))}/*.in")]
        return sorted((s for s in found if s["commands"]), key=lambda s: s["began"])

    def count(self, *verbs):
        """How many of these commands all its sessions gave: count("SEARCH", "SORT"); with UID before them or not."""
        commands = [command.removeprefix("UID ") for s in self.sessions() for command in s["commands"]]
        return sum(command in verbs for command in commands)

    def forget(self):
        """Empties the protocol's log; of sessions that go on, what follows is still written down."""
        for path in self.logs.iterdir():
            os.truncate(path, 0)


def session(path):
    """One session's commands from its raw log, in which each line begins with its time."""
    events, commands, lines, literal = [], [], [], 0
    for side, name in (("C", path), ("S", path[:-3] + ".out")):
        with contextlib.suppress(FileNotFoundError), open(name, "rb") as file:
            # A file that was emptied while the session went on begins with a hole.
            found = re.findall(rb"^\0*(\d+\.\d+) (.*\n?)", file.read(), re.M)
            events += [(float(moment), side, line) for moment, line in found]
    events.sort(key=lambda event: event[0])
    for _, side, line in events:
        if side == "S":
            continue
        if literal > 0:
            literal -= len(line)
            if literal >= 0:
                continue
        words = re.match(rb"\S+ (UID \S+|\S+)", line)
        if words or line.strip().upper() == b"DONE":
            commands.append(words[1].decode("ascii", "replace").strip().upper() if words else "DONE")
            lines.append(line.decode("utf-8", "replace").strip())
        size = re.search(rb"\{(\d+)\+?\}\r?\n$", line)
        literal = int(size[1]) if size else 0
    sides = "".join(side for _, side, _ in events)
    return {"began": events[0][0] if events else 0, "commands": commands, "lines": lines, "round_trips": len(re.findall("C+", sides))}


def orders(server, line):
    """One order of a program that has no Python: {"order": NAME, …} and its answer."""
    order = json.loads(line)
    name, account = order.pop("order"), server.account(order.pop("address", ADDRESS))
    if name == "user":
        return account.entry()
    if name == "make":
        return {"folder": str(account.make(order["mailbox"]))}
    if name == "deliver":
        account.deliver(base64.b64decode(order["message"]), order.get("mailbox", "INBOX"), order.get("flags", ""), order.get("date"))
        return {}
    if name == "messages":
        found = account.messages(order.get("mailbox", "INBOX"))
        return {"messages": [{"message": base64.b64encode(octets).decode(), "flags": sorted(flags)} for octets, flags in found]}
    if name == "sessions":
        return {"sessions": account.sessions()}
    if name == "count":
        return {"count": account.count(*order["commands"])}
    if name == "forget":
        account.forget()
        return {}
    if name in ("stop", "start"):
        getattr(server, name)()
        return server.where()
    raise ValueError(f"no such order: {name}")


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--few", action="store_true", help="announce IMAP4rev1 and nothing else")
    words.add_argument("--capability", help="announce these capabilities only")
    words.add_argument("--user", action="append", default=[], help=f"an address (default: {ADDRESS})")
    words.add_argument("--messages", type=int, default=0, help="that many of messages.py's in the first user's INBOX, their truths in FOLDER/truth.jsonl")
    options = words.parse_args()
    with MailServer(options.capability or (FEW if options.few else None)) as server:
        for address in options.user or [ADDRESS]:
            server.account(address)
        if options.messages:
            from messages import fill, write
            write(fill(next(iter(server.accounts.values())), options.messages), server.folder / "truth.jsonl")
        print(json.dumps(server.where()), flush=True)
        for line in sys.stdin:
            try:
                print(json.dumps(orders(server, line)), flush=True)
            except (KeyError, TypeError, ValueError, OSError, RuntimeError) as error:
                print(json.dumps({"error": repr(error)}), flush=True)


if __name__ == "__main__":
    main()
