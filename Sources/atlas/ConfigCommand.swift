import ArgumentParser
import AtlasCore
import JSON

/// `atlas config`
struct ConfigCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows the settings in force, and where each comes from.",
        discussion:
            "Secrets are told to be set, and not shown. Relative places are those a server started here would use.")

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Also list the settings that are not set, with what holds then.")
    var all = false

    func perform(_ console: Console) throws {
        let configuration = try settings.load()
        let shown = ConfigurationKey.all.filter { all || configuration.source(of: $0) != nil }
        if output.json {
            let entries = shown.map { key -> JSON in
                var entry: JSON.Object = ["name": .string(key.name), "secret": .bool(key.isSecret)]
                let source = configuration.source(of: key)
                entry.append("set", .bool(source != nil))
                entry.append("value", key.isSecret ? .null : configuration[key].map { .string($0) } ?? .null)
                entry.append("source", source.map { .string($0.words) } ?? .null)
                if source == nil { entry.append("fallback", key.fallback.map { .string($0) } ?? .null) }
                return .object(entry)
            }
            return console.document(["settings": .array(entries)])
        }
        if shown.isEmpty {
            return console.line(
                "Nothing is set: a private PostgreSQL serves, and nothing reaches out. See docs/configuration.md.")
        }
        let width = shown.map(\.name.count).max() ?? 0
        for key in shown {
            let name = key.name + String(repeating: " ", count: width - key.name.count)
            guard let source = configuration.source(of: key) else {
                console.line("\(name)  " + console.coloured(key.fallback ?? "not set", .faint))
                continue
            }
            let value = key.isSecret ? console.coloured("set, secret", .yellow) : (configuration[key] ?? "").cleaned()
            console.line("\(name)  \(value)  " + console.coloured("(\(source.words))", .faint))
        }
    }
}

extension Configuration.Source {
    fileprivate var words: String {
        switch self {
        case .environment: "environment"
        case .file(let path): path
        }
    }
}
