import AtlasCore
import Foundation

@testable import atlas

/// A folder of its own with one host's file in it.
final class HostFileKit {
    let folder: String
    let file: String
    let client: HostClient

    init(_ client: HostClient, _ text: String? = nil) throws {
        self.client = client
        folder = NSTemporaryDirectory() + "atlas-host-\(UUID().uuidString)"
        file = folder + "/settings"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        if let text { try write(text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }

    /// What the file holds; nil when there is none.
    var text: String? { FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } }

    /// The names of what else is in the folder.
    var others: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0 != "settings" }.sorted()
    }

    var mode: Int? {
        (try? FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber)?.intValue
    }

    static func entries(
        _ servers: [ServerKind] = ServerKind.allCases, arguments: [String] = [], values: [(String, String)] = [],
        references: [ConfigurationKey] = [], folder: String = "/opt/atlas/bin"
    ) -> [ServerEntry] {
        servers.map {
            ServerEntry(
                server: $0, command: "\(folder)/\($0.product)", arguments: arguments,
                values: values.map { (name: $0.0, value: $0.1) }, references: references)
        }
    }

    @discardableResult
    func install(
        _ entries: [ServerEntry] = HostFileKit.entries(), prefix: String = "atlas-", dryRun: Bool = false
    ) throws -> Installation.Outcome {
        try Installation(client: client, file: file, servers: entries.map(\.server), prefix: prefix)
            .perform(.entries(entries), dryRun: dryRun)
    }

    @discardableResult
    func uninstall(_ servers: [ServerKind] = ServerKind.allCases, prefix: String = "atlas-") throws
        -> Installation.Outcome
    {
        try Installation(client: client, file: file, servers: servers, prefix: prefix).perform(.removal, dryRun: false)
    }
}

extension HostClient {
    static let jsonHosts = allCases.filter { $0 != .codex }
    static let jsoncHosts = allCases.filter(\.readsComments)

    /// Files as people have them, all that the host can read.
    var samples: [String] {
        if self == .codex { return Self.tomlSamples }
        return jsonSamples + (readsComments ? jsoncSamples : [])
    }

    private var jsonSamples: [String] {
        [
            "{}", "{}\n", "{ }", "{\n}\n", "{\n  \"\(section)\": {}\n}\n", "{\"\(section)\":{}}", "", "\n",
            "\u{FEFF}{}\n",
            "{\n  \"theme\": \"dark\",\n  \"\(section)\": {\n    \"other\": {\n      \"command\": \"npx\",\n      \"env\": {\"KEY\": \"s3cret\"}\n    }\n  },\n  \"last\": [1, 2]\n}\n",
            "{\r\n\t\"\(section)\": {\r\n\t\t\"other\": { \"command\": \"x\" }\r\n\t}\r\n}\r\n",
            "\u{FEFF}{\r\n    \"a\": 1\r\n}",
            "{\"a\": {\"b\": [\"}\", \"\\\"]\"]}, \"\(section)\": {\"other\": {\"command\": \"x\"}}}",
            "{\n    \"a\": 1}", "{\n  \"\(section)\": { }\n}",
        ]
    }

    private var jsoncSamples: [String] {
        [
            "// mine\n{\n  // the \"servers\": {\n  \"\(section)\": {\n    \"other\": { \"command\": \"x\" }, // last, really\n  },\n}\n",
            "{\n  /* { */ \"a\": 1, /* \" */\n  \"b\": 2 // end\n}\n// after\n",
            "{\n  \"\(section)\": {\n    \"other\": {\"command\": \"http://x/*y*/\"} // stays with it\n    // and this with the end\n  }\n}\n",
            "{\n  \"\(section)\": {\n    // nothing yet\n  },\n}\n", "{ \"a\": 1, }",
            "{\"\(section)\": {\"o\": {},},}\n",
        ]
    }

    private static let tomlSamples = [
        "", "\n", "model = \"o3\"", "model = \"o3\"\n",
        "# mine\nmodel = 'o3' # best\n\n[mcp_servers.other]\ncommand = \"npx\"\nargs = [\n  \"-y\", # yes\n  \"]\",\n]\n\n[mcp_servers.other.env]\nKEY = \"s3cret\"\n",
        "text = \"\"\"\n[mcp_servers.atlas-crm]\ncommand = \"no\"\n\"\"\"\n", "a = '''\n[x\n'''\r\nb = 1\r\n",
        "\u{FEFF}[profiles.a]\nx = { y = \"}\", z = [1, 2] }\n\n\n# the end\n",
        "[[things]]\nname = \"a\"\n[[things]]\nname = \"b\"",
        "[mcp_servers]\n\n[mcp_servers.\"quoted name\"]\ncommand = \"x\"\n",
    ]
}
