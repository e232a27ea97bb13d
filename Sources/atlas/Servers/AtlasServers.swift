import ArgumentParser
import AtlasCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One of the four servers.
enum ServerKind: String, CaseIterable, Sendable, ExpressibleByArgument {
    case crm, email, calendar, twilio

    /// The executable.
    var product: String {
        switch self {
        case .crm: "CRMServer"
        case .email: "EmailServer"
        case .calendar: "CalendarServer"
        case .twilio: "TwilioServer"
        }
    }

    /// The name it gives itself.
    var name: String { "atlas-" + rawValue }

    /// How many tools it registers when nothing is asked for.
    var toolCount: Int {
        switch self {
        case .crm: 9
        case .email, .calendar: 8
        case .twilio: 10
        }
    }

    /// The settings that concern it. What a server does not need it is not given.
    func uses(_ key: ConfigurationKey) -> Bool {
        switch key.group {
        case .telephony, .callIntelligence: self == .twilio
        case .calendar, .scheduling: self == .calendar
        case .email: self != .twilio
        default: true
        }
    }
}

/// Where the servers' executables are.
struct ServerFolder: Sendable {
    let path: String

    /// - Parameter given: `--bin`; nil for the folder of this very executable.
    init(_ given: String?) throws {
        guard let folder = given.map(Self.absolute) ?? Self.own else {
            throw CommandFailure(message: "The folder of the servers cannot be told. Name it with --bin.")
        }
        path = folder
    }

    /// - Throws: when it is not there.
    func executable(_ server: ServerKind) throws -> String {
        let file = path + "/" + server.product
        guard access(file, X_OK) == 0 else {
            throw CommandFailure(
                message:
                    "\(file) is not there. Build it with script/build, or name the folder of the servers with --bin.",
                code: "not_found")
        }
        return file
    }

    /// The folder of this executable, wherever links lead.
    private static var own: String? {
        #if canImport(Darwin)
            var size = UInt32(0)
            _NSGetExecutablePath(nil, &size)
            var name = [CChar](repeating: 0, count: Int(size) + 1)
            guard _NSGetExecutablePath(&name, &size) == 0 else { return nil }
            let file = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        #else
            let file = "/proc/self/exe"
        #endif
        return FilePaths.resolved(file).map(FilePaths.folder)
    }

    private static func absolute(_ path: String) -> String { FilePaths.resolved(path) ?? FilePaths.absolute(path) }
}

/// Paths as texts.
enum FilePaths {
    static func folder(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Where links lead to; nil when nothing is there.
    static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// From the working folder.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let here = getcwd(nil, 0) else { return path }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }
}
