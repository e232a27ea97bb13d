#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder where Atlas keeps what it stores itself. Nothing is made before it is needed.
public struct Home: Sendable {
    public let path: String

    public init(_ configuration: Configuration) {
        path = configuration[.home] ?? Self.platformDefault
    }

    /// The platform's folder for a program's data. Root's is not in root's own home, which the system's postgres user, who runs
    /// the private cluster then, cannot enter.
    static var platformDefault: String {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        if geteuid() == 0 { return "/var/lib/atlas" }
        let person = variable("HOME") ?? getpwuid(geteuid()).map { String(cString: $0.pointee.pw_dir) } ?? "/tmp"
        #if canImport(Darwin)
            return person + "/Library/Application Support/Atlas"
        #else
            return (variable("XDG_DATA_HOME") ?? person + "/.local/share") + "/atlas"
        #endif
    }

    /// The key that seals what clients carry for us between two requests: 32 random octets, kept in a file only the owner can
    /// read, so that it outlives the process. Where no file can be made, a key for this process.
    public func stateKey() -> [UInt8] {
        let file = path + "/state.key"
        if let key = Self.read(file) { return key }
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        mkdir(path, 0o755)
        // Written beside and linked into place, so that whoever comes first gives all the same key, whole.
        let draft = "\(file).\(getpid())"
        let opened = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard opened >= 0 else { return key }
        let written = key.withUnsafeBytes { write(opened, $0.baseAddress, $0.count) }
        close(opened)
        if written == key.count { link(draft, file) }
        unlink(draft)
        return Self.read(file) ?? key
    }

    private static func read(_ file: String) -> [UInt8]? {
        let opened = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard opened >= 0 else { return nil }
        defer { close(opened) }
        var key = [UInt8](repeating: 0, count: 32)
        let count = key.withUnsafeMutableBytes { readOctets(opened, $0.baseAddress!, $0.count) }
        return count == 32 ? key : nil
    }
}
