"""Four servers, sixteen calls in flight each, servers killed in the middle: still fifty people and every interaction."""

import random

from client import Server
from racing import Racer, race

PEOPLE, WORKERS, IN_FLIGHT = 50, 4, 16


def phone(n: int, form: int) -> str:
    line = f"{1000 + n}"
    return [f"217-555-{line}", f"(217) 555 {line}", f"+1 217 555 {line}", f"1-217-555-{line}", f"+1217555{line}", f"217.555.{line}"][form % 6]


def email(n: int, form: int) -> str:
    return [f"person{n}@example.test", f" Person{n}@Example.TEST ", f"PERSON{n}@EXAMPLE.TEST"][form % 3]


def person(n: int, numbers: random.Random) -> dict:
    """A half of the people is always known by phone, the other half by e-mail; each sometimes brings the other too."""
    form, both = numbers.randrange(6), numbers.random() < 0.3
    arguments = {"full_name": f"Person {n}" if numbers.random() < 0.8 else f"P. {n}"}
    if n % 2 or both:
        arguments["phone"] = phone(n, form)
    if not n % 2 or both:
        arguments["email"] = email(n, form)
    return arguments


class Worker(Racer):
    """Makes the same fifty people as the others, and logs an interaction of each."""

    in_flight = IN_FLIGHT

    def __init__(self, number: int, url: str, jobs: list) -> None:
        super().__init__(number, jobs)
        self.url = url
        self.created: dict[int, set[str]] = {}
        self.logged: dict[str, str] = {}

    def start_server(self) -> Server:
        return Server(env={"ATLAS_DATABASE_URL": self.url})

    def begin(self, server: Server, job: tuple) -> object:
        kind, n, extra = job
        if kind == "create":
            return server.begin("create_contact", **person(n, self.numbers))
        return server.begin("log_interaction", contact_id=extra, interaction_type="call", summary=f"of {n}", idempotency_key=f"{n}-{self.number}-{extra}")

    def settle(self, job: tuple, result: dict) -> None:
        kind, n, extra = job
        if result.get("isError"):
            error = result["_meta"]["atlas/error"]
            assert error["retryable"], f"{job}: {result['content'][0]['text']}"
            self.jobs.append(job)
            return
        content = result["structuredContent"]
        if kind == "create":
            id = content["contact"]["id"]
            first = n not in self.created
            self.created.setdefault(n, set()).add(id)
            if first:
                self.jobs.append(("log", n, id))
        else:
            self.logged[f"{n}-{self.number}-{extra}"] = content["interaction"]["id"]


def test_four_servers_with_kills_make_fifty_people_and_lose_nothing(database):
    workers = []
    for number in range(WORKERS):
        jobs = [("create", n, None) for n in range(PEOPLE)] * 4
        workers.append(Worker(number, database.url, jobs))
    race(workers, range(60, 660, 100))  # of about a thousand calls
    assert sum(w.kills for w in workers) >= 4, "the kills came too late to prove anything"

    assert database.value("select count(*) from contacts") == PEOPLE
    for n in range(PEOPLE):
        ids = set().union(*(w.created[n] for w in workers))
        assert len(ids) == 1, f"person {n} is {ids}"
    acknowledged = {k: v for w in workers for k, v in w.logged.items()}
    assert len(acknowledged) == PEOPLE * WORKERS
    kept = {row[0] for row in database.sql("select id::text from contact_interactions")}
    assert set(acknowledged.values()) <= kept, "an acknowledged interaction is gone"
    assert len(kept) == len(acknowledged), "an interaction was logged twice"


def test_four_servers_on_an_empty_database_migrate_it_once(empty):
    """All four meet the empty database in the same moment."""
    servers = [Server(env={"ATLAS_DATABASE_URL": empty.url}) for _ in range(WORKERS)]
    ids = [server.begin("create_contact", full_name=f"Person {n}", phone="217-555-0134") for n, server in enumerate(servers)]
    results = [server.answer(id, 60)["result"] for server, id in zip(servers, ids)]
    assert len({r["structuredContent"]["contact"]["id"] for r in results}) == 1, results
    for server in servers:
        server.end()
    assert empty.value("select count(*) = count(distinct name) from atlas_migrations")


def test_updates_and_creates_of_one_person_do_not_deadlock(database):
    servers = [Server(env={"ATLAS_DATABASE_URL": database.url}) for _ in range(2)]
    id = servers[0].call("create_contact", {"full_name": "Ann", "phone": phone(1, 0), "email": email(1, 0)})["structuredContent"]["contact"]["id"]
    asked = []
    for n in range(40):
        for server in servers:
            asked.append((server, server.begin("create_contact", full_name="Ann", phone=phone(1, n), email=email(1, n), notes=f"n{n}")))
            asked.append((server, server.begin("update_contact", contact_id=id, phone=phone(1 + n % 2, n))))
    codes = set()
    for server, request in asked:
        result = server.answer(request, 60)["result"]
        codes.add(result["_meta"]["atlas/error"]["code"] if result.get("isError") else "success")
    assert codes <= {"success", "conflict"}, codes
    for server in servers:
        server.end()
    rows = database.sql("select phone_e164, count(*) from contacts where phone_e164 is not null group by 1 having count(*) > 1")
    assert rows == []
