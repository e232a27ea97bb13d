import ArgumentParser
import AtlasCore
import JSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `atlas db backup`
struct DatabaseBackupCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Writes a backup of the whole database to one file.",
        discussion: """
            The file is in pg_dump's custom format, compressed, and only its owner may read it. It appears when it is whole: a \
            backup that fails leaves nothing.
            """)

    @Argument(help: "The file to write.", completion: .file())
    var file: String
    @Flag(help: "Replace a file that is there.")
    var force = false
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let draft = try DraftFile(of: file, replaces: force)
        let place = try administering(settings) { administration in
            let (clients, access) = try await administration.programs()
            let program = ForegroundProgram(
                [
                    clients.dump, "--format=custom", "--no-password", "--file=" + draft.path,
                    "--dbname=" + access.connectionString,
                ], access.environment)
            let code = try program.run()
            guard code == 0 else {
                throw CommandFailure(message: "pg_dump failed, and said why above. Nothing was written.")
            }
            return administration.description
        }
        let size = try draft.keep()
        if output.json {
            return console.document(["success": true, "file": .string(draft.target), "size": .integer(size)])
        }
        console.line("Backed up \(place) to \(file) (\(DatabaseStatus.size(size))).")
    }
}

/// A file under a name of its own until it is whole. It goes when nobody keeps it.
final class DraftFile: Sendable {
    /// What it becomes.
    let target: String
    let path: String

    /// - Parameter replaces: whether a file of that name may be there.
    /// - Throws: when it is and may not, or the folder cannot be written to.
    init(of file: String, replaces: Bool) throws {
        target = FilePaths.absolute(file)
        if !replaces, access(target, F_OK) == 0 {
            throw CommandFailure(message: "\(file) is there already. Choose another name, or replace it with --force.")
        }
        path = "\(target).atlas-draft-\(getpid())"
        unlink(path)  // of one that was killed and had our number
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw CommandFailure(message: "\(target) cannot be written: \(SystemError.last). Choose another place.")
        }
        close(file)
    }

    deinit { unlink(path) }

    /// Gives the file its name, once it is on the disk; says how long it is.
    func keep() throws -> Int {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var status = stat()
        guard file >= 0, fsync(file) == 0, fstat(file, &status) == 0, rename(path, target) == 0 else {
            throw CommandFailure(message: "\(target) cannot be written: \(SystemError.last). Choose another place.")
        }
        FileReplacement.syncFolder(of: target)
        return Int(status.st_size)
    }
}
