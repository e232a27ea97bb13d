import AtlasCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file of another program's, as it was read, and how it is replaced: whole or not at all, with a copy of the old beside it.
struct FileReplacement {
    /// Where links lead.
    let path: String
    /// Nil when there is no file yet.
    let original: [UInt8]?
    private let status: stat?

    /// - Throws: when what is there is no file that can be read, or a link leads nowhere.
    init(_ given: String) throws {
        var found = stat()
        guard let real = FilePaths.resolved(given) else {
            if lstat(given, &found) == 0 {
                throw CommandFailure(message: "\(given) is a link to something that is not there. Mend or remove it.")
            }
            path = given
            original = nil
            status = nil
            return
        }
        path = real
        guard stat(real, &found) == 0, found.st_mode & S_IFMT == S_IFREG, let octets = TextFile.octets(at: real) else {
            throw CommandFailure(message: "\(given) is no file that can be read here, or is larger than 16 MB.")
        }
        original = octets
        status = found
    }

    /// The copies that were made before earlier changes, the newest first.
    var backups: [[UInt8]] { Self.backupPaths(of: path).compactMap { TextFile.octets(at: $0) } }

    /// Writes the new text; gives the path of the copy of the old one.
    ///
    /// - Throws: when it cannot be written, or somebody else has changed it since it was read. Then it is as it was.
    func replace(by text: [UInt8]) throws -> String? {
        try makeFolder()
        let draft = "\(path).atlas-draft-\(getpid())"
        unlink(draft)  // of one that was killed and had our number
        try write(text, to: draft, mode: 0o600)
        defer { unlink(draft) }
        if let status {
            if chmod(draft, status.st_mode & 0o7777) != 0 { throw unwritable(draft) }
            if status.st_uid != geteuid() || status.st_gid != getegid(),
                chown(draft, status.st_uid, status.st_gid) != 0,
                status.st_uid != geteuid()
            {
                throw unwritable(path)
            }
        }
        let backup = try keepOriginal()
        let isSame = access(path, F_OK) == 0 ? TextFile.octets(at: path) == original : original == nil
        guard isSame, rename(draft, path) == 0 else {
            let reason = isSame ? unwritable(path) : changedMeanwhile
            if let backup { unlink(backup) }
            throw reason
        }
        Self.syncFolder(of: path)
        return backup
    }

    /// Removes a file that nobody but us has made; gives the path of the copy.
    func remove() throws -> String? {
        let backup = try keepOriginal()
        guard TextFile.octets(at: path) == original else { throw changedMeanwhile }
        guard unlink(path) == 0 else { throw unwritable(path) }
        Self.syncFolder(of: path)
        return backup
    }

    /// What was renamed there stays so when the power fails.
    static func syncFolder(of path: String) {
        let folder = open(FilePaths.folder(path), O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    // MARK: The copy

    private func keepOriginal() throws -> String? {
        guard let original, let status else { return nil }
        let stamp = BusinessTime(zone: .utc).iso8601(Date()).prefix(19).filter { $0 != "-" && $0 != ":" }
        for number in 0..<1000 {
            let copy = "\(path).atlas-backup-\(stamp)Z" + (number == 0 ? "" : "-\(number)")
            do {
                try write(original, to: copy, mode: status.st_mode & 0o777)
                return copy
            } catch let error as SystemError where error.number == EEXIST {
                continue
            }
        }
        throw CommandFailure(message: "There are too many backups of \(path). Remove some.")
    }

    private static func backupPaths(of path: String) -> [String] {
        let folder = FilePaths.folder(path)
        let prefix = FilePaths.name(path) + ".atlas-backup-"
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(prefix) { names.append(name) }
        }
        return names.sorted(by: >).prefix(50).map { folder + "/" + $0 }
    }

    // MARK: Writing

    private func makeFolder() throws {
        var made = ""
        for part in FilePaths.folder(path).split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o755) != 0, errno != EEXIST, errno != EISDIR, access(made, X_OK) != 0 {
                throw unwritable(made)
            }
        }
    }

    private func write(_ text: [UInt8], to file: String, mode: mode_t) throws {
        let opened = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if opened < 0 {
            let error = SystemError.last
            if error.number == EEXIST { throw error }
            throw unwritable(file)
        }
        defer { close(opened) }
        do {
            try DescriptorIO.write(text, to: opened)
            guard fchmod(opened, mode) == 0, fsync(opened) == 0 else { throw SystemError.last }
        } catch {
            unlink(file)
            throw unwritable(file, error)
        }
    }

    private var changedMeanwhile: CommandFailure {
        CommandFailure(
            message: "\(path) was changed by another program just now, so it was left alone. Try again.",
            code: "conflict")
    }

    private func unwritable(_ file: String, _ error: any Error = SystemError.last) -> CommandFailure {
        CommandFailure(message: "\(file) cannot be written: \(error). Nothing was changed.")
    }
}
