#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder of the operator's whose files may leave, and nothing else.
///
/// A file is opened step by step from the folder on, following no symbolic link (`openat(2)` with `O_NOFOLLOW`), so that nobody can
/// exchange a part of its path for a link that leads elsewhere between the check and the reading.
struct LentFolder: Sendable {
    /// Without symbolic links.
    let path: String

    /// - Returns: nil when there is no such folder.
    init?(_ path: String) {
        guard let real = Self.real(path) else { return nil }
        self.path = real
    }

    /// Where a path leads when all links are followed; nil when it leads nowhere.
    static func real(_ path: String) -> String? {
        guard !path.utf8.contains(0), let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    /// The steps from here to a path without links; nil when it is not below.
    func steps(to real: String) -> [String]? {
        let root = path == "/" ? "/" : path + "/"
        guard real.hasPrefix(root) else { return nil }
        return real.dropFirst(root.count).split(separator: "/").map(String.init)
    }

    /// Opens what lies at the end of `steps`.
    ///
    /// - Returns: a descriptor that the caller closes; nil when a step is missing or a link.
    func descriptor(of steps: [String], flags: Int32) -> Int32? {
        var folder = Self.retried { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard folder >= 0 else { return nil }
        for (index, step) in steps.enumerated() {
            guard step != "..", step != ".", !step.isEmpty else {
                close(folder)
                return nil
            }
            let isLast = index == steps.count - 1
            let wanted = isLast ? flags : O_RDONLY | O_DIRECTORY
            let next = Self.retried { openat(folder, step, wanted | O_NOFOLLOW | O_CLOEXEC) }
            close(folder)
            guard next >= 0 else { return nil }
            folder = next
        }
        return folder
    }

    /// What came of reading a file.
    enum Reading: Sendable {
        case octets([UInt8])
        case missing, noFile, tooLarge
    }

    /// The octets of a regular file, at most `limit`.
    func contents(of steps: [String], limit: Int) -> Reading {
        // A pipe must not keep us waiting, a terminal not become ours.
        guard !steps.isEmpty, let file = descriptor(of: steps, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY) else {
            return .missing
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .noFile }
        guard status.st_size <= limit else { return .tooLarge }
        var octets: [UInt8] = []
        octets.reserveCapacity(Int(status.st_size))
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = chunk.withUnsafeMutableBytes { buffer in
                Self.retried { Int32(truncatingIfNeeded: read(file, buffer.baseAddress, buffer.count)) }
            }
            if count < 0 { return .missing }
            if count == 0 { return .octets(octets) }
            octets.append(contentsOf: chunk[..<Int(count)])
            // It may have grown meanwhile.
            guard octets.count <= limit else { return .tooLarge }
        }
    }

    static func retried(_ call: () -> Int32) -> Int32 {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}
