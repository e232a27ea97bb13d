"""What registries and hosts are told of the servers, from what the built servers say of themselves."""

import json
import os
import re
import subprocess

from stdio_client import Server as Process

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REGISTRY_SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
# Until a release says where it is: script/package --repository fills this in.
REPOSITORY = "https://github.com/example/atlas"
UNKNOWN_HASH = "0" * 64
SHARED = ["The business", "The servers", "Database"]
# What a host's dialogue asks for first; everything else goes into the file of ATLAS_CONFIG.
COMMON = ["ATLAS_TIMEZONE", "ATLAS_DATABASE_URL", "ATLAS_CONFIG", "ATLAS_TOOLSETS", "ATLAS_READ_ONLY"]
MAIL = [
    "ATLAS_EMAIL_IMAP_HOST", "ATLAS_EMAIL_IMAP_USERNAME", "ATLAS_EMAIL_IMAP_PASSWORD", "ATLAS_EMAIL_SMTP_HOST",
    "ATLAS_EMAIL_SMTP_USERNAME", "ATLAS_EMAIL_SMTP_PASSWORD", "ATLAS_EMAIL_DEFAULT_FROM"]


class Kind:
    """One of the four servers, and which settings are its own."""

    def __init__(self, key, program, tools, groups, asked, keywords, short):
        self.key, self.program, self.tools, self.groups = key, program, tools, SHARED + groups
        self.asked, self.keywords, self.short = COMMON + asked, keywords, short


KINDS = [
    Kind("crm", "CRMServer", 9, [], ["ATLAS_DEFAULT_REGION"], ["crm", "contacts", "postgresql"],
         "A small business's contacts and its history with them, kept in PostgreSQL."),
    Kind("email", "EmailServer", 8, ["E-mail"], MAIL, ["email", "imap", "smtp", "gmail"],
         "A small business's mail: reads any mailbox, and sends each letter once."),
    Kind("calendar", "CalendarServer", 8, ["Calendar", "Scheduling", "E-mail"],
         ["ATLAS_TOOLS_CALDAV_URL", "ATLAS_TOOLS_CALDAV_USERNAME", "ATLAS_TOOLS_CALDAV_PASSWORD"],
         ["calendar", "caldav", "scheduling"],
         "A small business's calendar: events, free time, and visits that never collide."),
    Kind("twilio", "TwilioServer", 10, ["Telephony", "Call intelligence"],
         ["ATLAS_COMMS_TWILIO_ACCOUNT_SID", "ATLAS_COMMS_TWILIO_AUTH_TOKEN", "ATLAS_COMMS_FORWARD_TO_NUMBER"],
         ["telephony", "sms", "twilio", "signalwire"],
         "A small business's telephone: calls, recordings and text messages."),
]


class Setting:
    """A row of the page of settings."""

    def __init__(self, group, name, help, unset):
        secret = " Secret: never shown or logged."
        self.group, self.name, self.is_secret = group, name, help.endswith(secret)
        self.help = help.removesuffix(secret)
        # The page tells in words what holds without a value; only what is itself a value is a default.
        # One of these set means a database of one's own, so a host that hands on every default must not be given theirs.
        means_more = name in ("ATLAS_DB_PORT", "ATLAS_DB_DATABASE", "ATLAS_DB_USER")
        is_value = not means_more and re.fullmatch(r"\d+|[A-Z]+|https://[\w./-]+|default|notice|twilio|atlas|primary", unset)
        self.default = unset if is_value else None
        self.unset = None if self.default or unset == "–" else unset

    @property
    def description(self):
        return self.help if self.unset is None else f"{self.help} When unset: {self.unset}."


class Facts:
    """What one built server says of itself."""

    def __init__(self, kind, folder):
        self.kind = kind
        program = os.path.join(folder, kind.program)
        if not os.access(program, os.X_OK):
            raise SystemExit(f"{program} is not there: script/build")
        environment = {"HOME": "/dev/null", "PATH": os.environ.get("PATH", "/usr/bin:/bin")}
        page = subprocess.run([program, "--print-documentation", "configuration"], check=True, capture_output=True,
                              text=True, env=environment, cwd="/", stdin=subprocess.DEVNULL).stdout
        self.settings = [setting for setting in settings(page) if setting.group in kind.groups]
        with Process([program], environment, "/") as server:
            hello = server.open("packaging")
            self.name, self.title = hello["serverInfo"]["name"], hello["serverInfo"]["title"]
            self.version, self.instructions = hello["serverInfo"]["version"], hello["instructions"]
            self.tools = server.request("tools/list")["tools"]
        missing = set(kind.asked) - {setting.name for setting in self.settings}
        if missing:
            raise SystemExit(f"{kind.program} knows no {', '.join(sorted(missing))}: mend script/packaging.py")


def settings(page):
    """The rows of docs/configuration.md."""
    group, found = "", []
    for line in page.splitlines():
        if line.startswith("## "):
            group = line[3:]
        elif line.startswith("| `"):
            name, help, unset = (cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:4])
            found.append(Setting(group, name.strip("`"), help, unset))
    return found


def machine(system=None, processor=None):
    """The platform a bundle is built for, as its file name says it: linux-x86_64, darwin-arm64."""
    uname = os.uname()
    return f"{(system or uname.sysname).lower()}-{processor or uname.machine}"


def registry_entry(facts, repository=REPOSITORY, platform="linux-x86_64", sha256=UNKNOWN_HASH):
    """server.json, for the MCP registry."""
    host, owner, project = repository.removeprefix("https://").split("/")[:3]
    # The registry proves a namespace by the account, and takes bundles from releases of these two only.
    namespace = {"github.com": "io.github", "gitlab.com": "com.gitlab"}[host]
    release = "/-/releases/{}/downloads/{}" if host == "gitlab.com" else "/releases/download/{}/{}"
    file = bundle_name(facts, platform)
    variables = []
    for setting in facts.settings:
        variable = {"name": setting.name, "description": setting.description, "isRequired": False,
                    "isSecret": setting.is_secret}
        if setting.default is not None:
            variable["default"] = setting.default
        variables.append(variable)
    return {
        "$schema": REGISTRY_SCHEMA, "name": f"{namespace}.{owner}/{facts.name}", "title": facts.title,
        "description": facts.kind.short, "version": facts.version,
        "repository": {"url": f"https://{host}/{owner}/{project}", "source": host.removesuffix(".com")},
        "packages": [{
            "registryType": "mcpb", "identifier": repository + release.format(f"v{facts.version}", file),
            "version": facts.version, "fileSha256": sha256, "transport": {"type": "stdio"},
            "environmentVariables": variables}],
    }


def bundle_name(facts, platform):
    return f"{facts.name}-mcp-{facts.version}-{platform}.mcpb"


def manifest(facts, platforms=("darwin", "linux")):
    """manifest.json, for the host that opens a bundle."""
    asked = {setting.name: setting for setting in facts.settings if setting.name in facts.kind.asked}
    configuration, environment = {}, {}
    for name in facts.kind.asked:
        setting, key = asked[name], name.removeprefix("ATLAS_").lower()
        switch = name == "ATLAS_READ_ONLY"
        option = {
            "type": "boolean" if switch else "file" if name == "ATLAS_CONFIG" else "string",
            "title": title(key), "description": setting.description, "required": False}
        if setting.is_secret:
            option["sensitive"] = True
        # Without an answer a host leaves `${…}` in place, or hands on nothing: both are an unset variable to the servers.
        if setting.default is not None:
            option["default"] = setting.default == "1" if switch else setting.default
        configuration[key] = option
        environment[name] = f"${{user_config.{key}}}"
    return {
        "manifest_version": "0.3", "name": facts.name, "display_name": facts.title, "version": facts.version,
        "description": facts.kind.short, "long_description": facts.instructions, "author": {"name": "The Atlas authors"},
        "server": {
            "type": "binary", "entry_point": f"server/{facts.kind.program}",
            "mcp_config": {"command": f"${{__dirname}}/server/{facts.kind.program}", "args": [], "env": environment}},
        "tools": [{"name": tool["name"], "description": tool["description"]} for tool in facts.tools],
        # Other toolsets add tools; a prompt's text is made from the database, so none can stand here.
        "tools_generated": True, "prompts_generated": True,
        "keywords": facts.kind.keywords, "license": "Apache-2.0",
        "compatibility": {"platforms": list(platforms)}, "user_config": configuration,
    }


def title(key):
    """caldav_url → CalDAV URL"""
    words = {"url": "URL", "caldav": "CalDAV", "imap": "IMAP", "smtp": "SMTP", "sid": "SID", "twilio": "Twilio", "timezone": "time zone"}
    passed = [word for word in key.split("_") if word not in ("comms", "tools", "email")]
    text = " ".join(words.get(word, word) for word in passed)
    return text[0].upper() + text[1:]


def text(document):
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
