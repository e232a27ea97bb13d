"""A manual page from what a command's parser of arguments says of itself (--experimental-dump-help)."""


def escaped(text):
    """roff's own characters as themselves, and no line that begins with one of its requests."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines()
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in lines)


def page(dump, version):
    """The page in man(7), with every subcommand."""
    command = dump["command"]
    name = command["commandName"]
    lines = [f'.TH "{escaped(name.upper())}" 1 "" "Atlas {escaped(version)}" "Atlas"', ".SH NAME",
             f"{escaped(name)} \\- {escaped(command['abstract'].rstrip('.'))}", ".SH SYNOPSIS", *synopsis(command, [name])]
    if command.get("discussion"):
        lines += [".SH DESCRIPTION", *prose(command["discussion"])]
    lines += options(command, ".SH OPTIONS")
    subcommands = list(walk(command, [name]))
    if subcommands:
        lines.append(".SH COMMANDS")
    for path, subcommand in subcommands:
        lines += [f".SS {escaped(' '.join(path))}", escaped(subcommand.get("abstract", "")), ".PP", *synopsis(subcommand, path)]
        if subcommand.get("discussion"):
            lines += [".PP", *prose(subcommand["discussion"])]
        lines += options(subcommand, None)
    return "\n".join(lines) + "\n"


def walk(command, path):
    for subcommand in command.get("subcommands", []):
        if subcommand.get("shouldDisplay", True) and subcommand["commandName"] != "help":
            yield path + [subcommand["commandName"]], subcommand
            yield from walk(subcommand, path + [subcommand["commandName"]])


def shown(command):
    return [argument for argument in command.get("arguments", []) if argument.get("shouldDisplay", True)]


def spelled(argument):
    if argument["kind"] == "positional":
        return f"<{argument['valueName']}>" + ("…" if argument["isRepeating"] else "")
    names = ", ".join(("--" if name["kind"] == "long" else "-") + name["name"] for name in argument["names"])
    return names + (f" <{argument['valueName']}>" if argument["kind"] == "option" else "")


def synopsis(command, path):
    words = [" ".join(path)]
    arguments = shown(command)
    if any(argument["kind"] != "positional" for argument in arguments):
        words.append("[options]")
    if any(subcommand["commandName"] != "help" for subcommand in command.get("subcommands", [])):
        words.append("<command>")
    for argument in arguments:
        if argument["kind"] == "positional":
            words.append(f"[{spelled(argument)}]" if argument["isOptional"] else spelled(argument))
    return [".nf", escaped(" ".join(words)), ".fi"]


def prose(text):
    """Paragraphs; indented lines stay as they are."""
    lines, literal = [], False
    for line in text.splitlines():
        if line.startswith("  ") != literal:
            literal = not literal
            lines.append(".nf" if literal else ".fi")
        lines.append(escaped(line) if line.strip() else ".PP")
    return lines + ([".fi"] if literal else [])


def options(command, heading):
    lines = [heading] if heading and shown(command) else []
    for argument in shown(command):
        if not heading and [name["name"] for name in argument.get("names", [])][-1:] in (["help"], ["version"]):
            continue
        meaning = argument.get("abstract", "")
        if argument.get("defaultValue") is not None and argument["kind"] != "flag":
            meaning += f" (default: {argument['defaultValue']})"
        lines += [".TP", f"\\fB{escaped(spelled(argument))}\\fR", escaped(meaning)]
    return lines
