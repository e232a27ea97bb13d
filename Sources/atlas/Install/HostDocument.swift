import JSON

/// A host's file with our servers put in or taken out.
enum HostDocument {
    case json(JSONCDocument, HostClient)
    case toml(TOMLDocument, HostClient)

    /// - Throws: ``UnreadableDocument``
    init(_ text: [UInt8], of client: HostClient) throws(UnreadableDocument) {
        if client == .codex {
            self = .toml(try TOMLDocument(text), client)
        } else {
            self = .json(try JSONCDocument(text, allowsComments: client.readsComments), client)
        }
    }

    var text: [UInt8] {
        switch self {
        case .json(let document, _): document.text
        case .toml(let document, _): document.text
        }
    }

    /// The command of the server of that name; nil when there is none, empty when it has none.
    func command(of name: String) throws(UnreadableDocument) -> String? {
        switch self {
        case .json(let document, let client):
            guard let entry = try document.value(at: [client.section, name]) else { return nil }
            // Zed has had commands with a path of their own.
            return entry["command"]?.text ?? entry["command"]?["path"]?.text ?? ""
        case .toml(let document, let client):
            guard let table = try document.table([client.section, name]) else { return nil }
            return table["command"]?.text ?? ""
        }
    }

    /// Puts a server in, or sets what is ours of one that is in; what else its entry holds stays.
    mutating func put(_ entry: ServerEntry, named name: String) throws(UnreadableDocument) {
        switch self {
        case .json(var document, let client):
            try Self.put(entry, [client.section, name], into: &document, client)
            self = .json(document, client)
        case .toml(var document, let client):
            var values: [(key: String, value: JSON)] = [
                ("command", .string(entry.command)), ("args", .array(entry.arguments.map { .string($0) })),
            ]
            if !entry.references.isEmpty {
                values.append(("env_vars", .array(entry.references.map { .string($0.name) })))
            }
            try document.set(values, in: [client.section, name])
            if !entry.values.isEmpty {
                try document.set(
                    entry.values.map { (key: $0.name, value: .string($0.value)) }, in: [client.section, name, "env"])
            }
            self = .toml(document, client)
        }
    }

    /// Takes a server out.
    mutating func take(_ name: String) throws(UnreadableDocument) {
        switch self {
        case .json(var document, let client):
            try document.remove(at: [client.section, name])
            self = .json(document, client)
        case .toml(var document, let client):
            try document.remove([client.section, name])
            self = .toml(document, client)
        }
    }

    /// Takes out the questions of ours that no server refers to any more (VS Code).
    mutating func takeQuestions() throws(UnreadableDocument) {
        guard case .json(var document, .vscode) = self else { return }
        let servers = (try document.value(at: ["servers"]) ?? .null).description
        try document.removeItems(at: ["inputs"]) { input in
            guard let id = input["id"]?.text, id.hasPrefix(Self.questionPrefix) else { return false }
            return !servers.contains("${input:\(id)}")
        }
        self = .json(document, .vscode)
    }

    /// The same without members that our taking out has left empty, one variant for each that may have been there before.
    func variantsWithoutEmptySections() throws(UnreadableDocument) -> [[UInt8]] {
        guard case .json(let document, let client) = self else { return [text] }
        var variants = [document]
        for section in client == .vscode ? [client.section, "inputs"] : [client.section] {
            guard let value = try document.value(at: [section]), value == [:] || value == [] else { continue }
            for var variant in variants {
                try variant.remove(at: [section])
                variants.append(variant)
            }
        }
        // The one without any of them last.
        return variants.map(\.text)
    }

    // MARK: JSON

    private static let questionPrefix = "atlas-"

    private static func put(
        _ entry: ServerEntry, _ path: [String], into document: inout JSONCDocument, _ client: HostClient
    ) throws(UnreadableDocument) {
        var members: [(name: String, value: JSON)] = client.saysTransport ? [("type", "stdio")] : []
        members.append(("command", .string(entry.command)))
        members.append(("args", .array(entry.arguments.map { .string($0) })))
        var variables = entry.values.map { (name: $0.name, value: JSON.string($0.value)) }
        for key in entry.references {
            switch client.reference {
            case .variable(let before, let after): variables.append((key.name, .string(before + key.name + after)))
            case .input:
                let id = questionPrefix + key.name.lowercased().replacing("_", with: "-")
                variables.append((key.name, .string("${input:\(id)}")))
                let known = try document.value(at: ["inputs"])?.items ?? []
                if known.contains(where: { $0["id"]?.text == id }) { continue }
                try document.append(
                    [
                        "type": "promptString", "id": .string(id), "description": .string("Atlas: \(key.name)"),
                        "password": .bool(key.isSecret),
                    ], to: ["inputs"])
            case .forwarded, .none: break
            }
        }
        guard try document.value(at: path)?.object != nil else {
            if !variables.isEmpty {
                members.append(("env", .object(JSON.Object(variables.map { ($0.name, $0.value) }))))
            }
            return try document.set(.object(JSON.Object(members.map { ($0.name, $0.value) })), at: path)
        }
        for member in members { try document.set(member.value, at: path + [member.name]) }
        for variable in variables { try document.set(variable.value, at: path + ["env", variable.name]) }
    }
}

extension String {
    /// With every `old` character as `new`.
    fileprivate func replacing(_ old: Character, with new: Character) -> String { String(map { $0 == old ? new : $0 }) }
}
