"""One PostgreSQL for the session, one migrated template, a fresh database for each test that asks."""

import itertools
import os
import shutil

import pytest

import openapi
import validate
from client import COMMAND, Server
from postgres import Cluster, Database, scratch
from telephone import TWILIO, Judged, Phone, end, settings
from tools import CRM

numbers = itertools.count(1)


def pytest_sessionstart(session):
    for server in (COMMAND[0], TWILIO[0]):
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
        end(phone.server)


@pytest.fixture
def phone(dial) -> Phone:
    """A TwilioServer after the handshake of 2025-11-25."""
    phone = dial()
    phone.server.initialize()
    return phone
