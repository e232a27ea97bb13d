"""One PostgreSQL for the session, one migrated template, a fresh database for each test that asks."""

import itertools
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

import mailroom
import openapi
import validate
from client import COMMAND, Server
from diary import CALENDAR
from mailroom import EMAIL, FEW, OFFICE, SMTP_PASSWORD, Mail, MailServer, SMTPServer, messages, reading, sending
from operator_command import ATLAS
from postgres import Cluster, Database, scratch
from telephone import TWILIO, Judged, Phone, settings
from tools import CRM


pytest_plugins = ["keepers"]
numbers = itertools.count(1)


def pytest_sessionstart(session):
    for server in (COMMAND[0], TWILIO[0], EMAIL[0], CALENDAR[0], ATLAS):
        if not os.access(server, os.X_OK):
            pytest.exit(f"{server} is missing: script/build", 2)
    if not (validate.schema_folder() and openapi.are_there()) and os.environ.get("CI"):
        pytest.exit("../shared/schema is missing or not whole, and CI must validate against the official schemas", 2)


def pytest_terminal_summary(terminalreporter):
    where = validate.schema_folder()
    how = f"{validate.counted['against the official schema']} checks against {where}" if where else \
        "the official JSON Schemas were NOT checked: ../shared/schema is not there"
    terminalreporter.write_line(f"{validate.counted['lines']} lines of the servers validated by mcp-types; {how}")
    twilio = f"{openapi.counted['requests']} requests and answers checked against Twilio's OpenAPI documents" if openapi.are_there() \
        else "Twilio's OpenAPI documents were NOT checked: ../shared/schema is not there"
    terminalreporter.write_line(twilio)


@pytest.fixture(scope="session")
def postgres():
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def template(postgres) -> str:
    """A database that the server itself has migrated."""
    postgres.create("migrated")
    with Server(env={"ATLAS_DATABASE_URL": postgres.url("migrated")}) as server:
        assert server.call("list_contacts")["structuredContent"]["total"] == 0
    return "migrated"


def fresh(postgres, template):
    database = Database(postgres, f"t{next(numbers)}")
    postgres.create(database.name, template)
    return database


@pytest.fixture
def empty(postgres):
    """An empty database: the server has to migrate it first."""
    database = fresh(postgres, None)
    yield database
    database.close()


@pytest.fixture
def database(postgres, template):
    database = fresh(postgres, template)
    yield database
    database.close()


@pytest.fixture
def home():
    """An ATLAS_HOME; the private PostgreSQL that a test leaves running there is ended."""
    folder = scratch("atlas-c.")
    yield folder
    for file in folder.rglob("postmaster.pid"):
        os.kill(int(file.read_text().split()[0]), signal.SIGQUIT)
        time.sleep(0.5)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def shared_database(postgres, template):
    database = fresh(postgres, template)
    yield database
    database.close()


@pytest.fixture
def launch(database):
    """Starts servers on this test's database: launch("--toolsets", "all", NAME=value)."""
    running = []

    def launch(*arguments, on=database, command=None, **env) -> Server:
        server = Server(*arguments, env={"ATLAS_DATABASE_URL": on.url, **env}, command=command)
        running.append(server)
        return server

    yield launch
    for server in running:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture
def server(launch):
    """A server after the handshake of 2025-11-25, ended and judged after the test."""
    server = launch("--toolsets", "all")
    server.initialize()
    yield server
    if server.process.poll() is None:
        server.end()


@pytest.fixture
def crm(server) -> CRM:
    return CRM(server)


@pytest.fixture
def bare():
    """A server with no configuration at all and no home it could write to."""
    servers = []

    def bare(*arguments, **options) -> Server:
        servers.append(Server(*arguments, **options))
        return servers[-1]

    yield bare
    for server in servers:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture
def folder():
    """A short-named empty folder."""
    path = scratch("atlas-t.")
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def double():
    """A telephone company, whose every request and answer is held against Twilio's documents."""
    with Judged() as double:
        yield double
        assert not double.wrong, "\n".join(double.wrong)


@pytest.fixture
def dial(launch, double):
    """Starts TwilioServers on this test's database and double: dial("signalwire", NAME=value)."""
    phones = []

    def dial(company: str = "twilio", *arguments, **env) -> Phone:
        server = launch("--toolsets", "all", *arguments, command=TWILIO, **{**settings(double, company), **env})
        phones.append(Phone(server, double))
        return phones[-1]

    yield dial
    for phone in phones:
        phone.end()


@pytest.fixture
def phone(dial) -> Phone:
    """A TwilioServer after the handshake of 2025-11-25."""
    phone = dial()
    phone.server.initialize()
    return phone


# Mail


@pytest.fixture(scope="session")
def mailserver():
    with MailServer() as server:
        yield server


@pytest.fixture(scope="session")
def few_mailserver():
    """One that can do what every IMAP server can, and says so."""
    with MailServer(FEW) as server:
        yield server


@pytest.fixture(scope="session")
def post_office():
    with SMTPServer() as server:
        yield server


@pytest.fixture(scope="session")
def trusted(mailserver, few_mailserver, post_office, tmp_path_factory) -> dict[str, str]:
    """The authorities of all of them."""
    file = tmp_path_factory.mktemp("trusted") / "ca.pem"
    file.write_text("".join(Path(ca).read_text() for ca in (mailserver.ca, few_mailserver.ca, post_office.ca_file)))
    return {"ATLAS_CA_FILE": str(file)}


@pytest.fixture(scope="session")
def archive(mailserver):
    """A mailbox of ten thousand messages, and the truth about each: `archive.truths[uid - 1]`."""
    account = mailserver.account("archive@mail.test")
    account.truths = messages.fill(account, 10_000)
    return account


@pytest.fixture
def account(mailserver):
    """Somebody's empty mailbox."""
    return mailserver.account()


@pytest.fixture
def smtp(post_office):
    """A post office that nobody else uses meanwhile; what clients did that the standards forbid fails the test at its end."""
    post_office.reset()
    users = {OFFICE: SMTP_PASSWORD}
    post_office.set(users=users, auth_required=True, auth_in_clear=False)
    yield post_office
    assert not post_office.problems, post_office.problems


@pytest.fixture
def google():
    with mailroom.googles.Google() as double:
        judge = mailroom.judged(double)
        yield double
        assert not judge.wrong, "\n".join(judge.wrong)


@pytest.fixture
def resend():
    with mailroom.resends.Resend() as double:
        judge = mailroom.judged(double)
        yield double
        assert not judge.wrong, "\n".join(judge.wrong)


@pytest.fixture
def open_mail(launch, trusted):
    """Starts EmailServers on this test's database: open_mail(reading(account), sending(smtp), NAME=value)."""
    mails = []

    def open_mail(*environments, arguments=("--toolsets", "all"), **env) -> Mail:
        together = {**trusted}
        for environment in environments:
            together.update(environment)
        mails.append(Mail(launch(*arguments, command=EMAIL, **{**together, **env})))
        return mails[-1]

    yield open_mail
    for mail in mails:
        mail.end()


@pytest.fixture
def mail(open_mail, account, smtp) -> Mail:
    """An EmailServer that reads `account` and sends by `smtp`, after the handshake of 2025-11-25."""
    mail = open_mail(reading(account), sending(smtp))
    mail.server.initialize()
    return mail


@pytest.fixture(scope="module")
def reader(archive, trusted):
    """An EmailServer on the ten thousand messages. It has no database: reading needs none."""
    server = Server("--toolsets", "all", command=EMAIL, env={**trusted, **reading(archive)})
    server.initialize()
    mail = Mail(server)
    yield mail
    mail.end()
