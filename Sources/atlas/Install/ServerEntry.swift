import AtlasCore
import JSON

/// What a host is told of one server.
struct ServerEntry: Sendable, Equatable {
    let server: ServerKind
    /// Absolute.
    let command: String
    let arguments: [String]
    /// Settings that are no secrets.
    let values: [(name: String, value: String)]
    /// Variables that the host is to take from its environment, or from the person.
    let references: [ConfigurationKey]

    static func == (a: ServerEntry, b: ServerEntry) -> Bool {
        a.server == b.server && a.command == b.command && a.arguments == b.arguments
            && a.values.elementsEqual(b.values, by: ==) && a.references == b.references
    }
}

/// Settings as `--env` gives them, and who gets them.
struct InstalledSettings: Sendable {
    private var values: [(key: ConfigurationKey, value: String)] = []
    private var references: [ConfigurationKey] = []

    /// - Parameters:
    ///   - words: `KEY=VALUE`, or `KEY` for one that the host is to take from elsewhere.
    /// - Throws: ``CommandFailure`` for what is no setting, for a secret with its value, and for a reference the host cannot make.
    init(_ words: [String], for client: HostClient) throws {
        for word in words {
            let pair = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let key = try Self.key(pair[0])
            guard pair.count == 2 else {
                if case .none = client.reference {
                    throw CommandFailure.usage(
                        "\(client.title) cannot refer to variables. Put \(key.name) into a file that only you can read, and name "
                            + "it with --config.")
                }
                references.append(key)
                continue
            }
            guard !key.isSecret else {
                let other: String
                if case .none = client.reference {
                    other = ""
                } else {
                    other = ", or give --env \(key.name) alone to refer to it"
                }
                throw CommandFailure.usage(
                    "\(key.name) is a secret and would be copied. Put it into a file that only you can read and name that with "
                        + "--config\(other).")
            }
            values.append((key, pair[1]))
        }
    }

    func entry(_ server: ServerKind, _ command: String, arguments: [String]) -> ServerEntry {
        ServerEntry(
            server: server, command: command, arguments: arguments,
            values: values.filter { server.uses($0.key) }.map { ($0.key.name, $0.value) },
            references: references.filter { server.uses($0) })
    }

    private static func key(_ name: String) throws -> ConfigurationKey {
        if let key = ConfigurationKey.all.first(where: { $0.name == name }) { return key }
        let near = NearName.closest(to: name, among: ConfigurationKey.all.map(\.name))
        let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: ", "))?"
        throw CommandFailure.usage(
            "\(name.prefix(60).description.cleaned()) is no setting of Atlas.\(hint) See docs/configuration.md.")
    }
}

/// `--config`: a file of settings that the servers are pointed at.
enum SettingsFile {
    /// - Returns: its absolute path.
    /// - Throws: ``CommandFailure`` when it cannot be read, is broken, or holds secrets that others may read.
    static func checked(_ file: String) throws -> String {
        let path = FilePaths.absolute(file)
        let configuration = try Configuration.load(file: path)
        let secrets = ConfigurationKey.all.filter { $0.isSecret && configuration.source(of: $0) == .file(path) }
        guard let first = secrets.first else { return path }
        guard FileMode.isPrivate(path) else {
            throw CommandFailure(
                message: "\(file) holds secrets (\(first.name)) and others may read it. Run chmod 600 \(file).",
                exitCode: 78)
        }
        return path
    }
}
