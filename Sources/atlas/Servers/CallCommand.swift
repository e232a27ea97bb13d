import ArgumentParser
import AtlasCore
import JSON

/// `atlas call`
struct CallCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Calls one tool of a server.",
        discussion: """
            Without a tool it lists the server's tools. An argument is key=value; a value is text, and is read as a number, a \
            truth value or a list where the tool expects one. key:=value is JSON as it stands.

              atlas call crm search_contacts query=maria limit=5
              atlas call crm create_contact full_name='Ann Lee' phone=217-555-0134 metadata:='{"source": "fair"}'
            """)

    @Argument(help: "crm, email, calendar or twilio.")
    var server: ServerKind
    @Argument(help: "The tool.")
    var tool: String?
    @Argument(help: ArgumentHelp("Its arguments: key=value, or key:=JSON.", valueName: "key=value"))
    var arguments: [String] = []

    @Option(
        help: ArgumentHelp("A file with a JSON object of arguments, or - for standard input.", valueName: "file"),
        completion: .file())
    var argumentsJson: String?
    @Flag(help: "Describe the tool instead of calling it.")
    var helpTool = false
    @Option(help: ArgumentHelp("The toolsets the server registers.", valueName: "names"))
    var toolsets = "all"
    @OptionGroup var start: ServerOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let given = try ToolArguments(words: arguments, document: try argumentsJson.map(document))
        // The person's own: a server called from a shell is configured as that shell is.
        let process = try start.start(server, toolsets: toolsets, settings, environment: ProcessEnvironment.all)
        let person = output.json ? nil : Person()
        if let person { process.answer = { $0 == "elicitation/create" ? person.answer($1) : nil } }
        process.hear = { method, parameters in
            guard method == "notifications/progress", let said = parameters["message"]?.text else { return }
            console.note(console.colouredNote(said.cleaned(), .faint))
        }
        _ = try process.open(capabilities: person == nil ? [:] : ["elicitation": ["form": [:]]])
        let tools = try process.tools()
        guard let tool else { return list(tools, console) }
        guard let description = tools.first(where: { $0["name"]?.text == tool }) else { throw unknown(tool, tools) }
        if helpTool { return describe(description, console) }
        let result = try process.request(
            "tools/call",
            [
                "name": .string(tool), "arguments": .object(try given.fitted(to: description["inputSchema"])),
                "_meta": ["progressToken": "call"],
            ], within: .seconds(start.timeout))
        _ = process.end()
        if !process.log.isEmpty { console.note(console.colouredNote(process.log, .faint)) }
        try tell(CallAnswer(result), console)
    }

    private func tell(_ answer: CallAnswer, _ console: Console) throws {
        if let failure = answer.failure { throw failure }
        guard let document = output.json ? answer.document : answer.readable else {
            return console.line(answer.text.cleaned(keepingLines: true))
        }
        if output.json { console.line(document.plain) } else { console.document(document) }
        for other in answer.others { console.note(console.colouredNote(other, .faint)) }
    }

    private func list(_ tools: [JSON], _ console: Console) {
        if output.json { return console.line(JSON.object(["tools": .array(tools)]).plain) }
        for tool in tools { console.line(ToolDescription(tool).brief(console)) }
    }

    private func describe(_ tool: JSON, _ console: Console) {
        if output.json { return console.line(tool.plain) }
        console.line(ToolDescription(tool).full(console))
    }

    private func unknown(_ name: String, _ tools: [JSON]) -> CommandFailure {
        let near = NearName.closest(to: name, among: tools.compactMap { $0["name"]?.text })
        let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: ", "))?"
        return CommandFailure(
            message:
                "\(server.product) has no tool \(name.cleaned().prefix(60)).\(hint) atlas call \(server.rawValue) lists them.",
            code: "not_found", exitCode: 64)
    }

    private func document(_ file: String) throws -> [UInt8] {
        guard let octets = file == "-" ? TextFile.octets(of: 0) : TextFile.octets(at: file) else {
            throw CommandFailure.usage(
                "\(file == "-" ? "Standard input" : file) cannot be read, or is longer than 16 MB.")
        }
        return octets
    }
}
