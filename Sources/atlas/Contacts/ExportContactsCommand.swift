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

/// `atlas contacts export`
struct ExportContactsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes the contacts to a CSV or vCard file.",
        discussion:
            "Only its owner may read the file, and it appears when it is whole. A dash writes to standard output.")

    @Argument(help: "The file: .csv or .vcf.", completion: .file())
    var file: String
    @Option(help: "What to write, where the file's name does not say: csv or vcf.")
    var format: ContactFormat?
    @Option(help: ArgumentHelp("Only the contacts of this business.", valueName: "id"))
    var context: String?
    @Flag(help: "Archived contacts, too.")
    var archived = false
    @Flag(help: "Replace a file that is there.")
    var force = false
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let format = try ContactFormat(format, path: file)
        let toOutput = file == "-"
        guard !toOutput || !output.json else {
            throw CommandFailure.usage("--json and a file of contacts cannot both go to standard output.")
        }
        let draft = toOutput ? nil : try DraftFile(of: file, replaces: force)
        let descriptor = try draft.map { try OutputFile.opened($0.path) } ?? 1
        defer { if descriptor > 2 { close(descriptor) } }
        let configuration = try settings.load()
        let atlas = Atlas(configuration: configuration, logger: logger(configuration))
        let export = ContactExport(try atlas.contacts, businessContextID: context, archived: archived)
        let count = try interruptible(atlas) { [file] in
            var count = 0
            var last: Contact.ID?
            if format == .csv { try OutputFile.write(CSVWriter.row(Contact.columns), to: descriptor, path: file) }
            while case let page = try await export.page(after: last), let end = page.last {
                let text = page.map { format == .csv ? CSVWriter.row($0.row) : $0.vCard }.joined()
                try OutputFile.write(text, to: descriptor, path: file)
                count += page.count
                last = end.id
            }
            return count
        }
        _ = try draft?.keep()
        if output.json, let draft {
            console.document(["success": true, "file": .string(draft.target), "contacts": .integer(count)])
        } else {
            console.note("\(count) \(count == 1 ? "contact" : "contacts") written\(toOutput ? "" : " to \(file)").")
        }
    }
}

/// A file that results are written to.
enum OutputFile {
    static func opened(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(message: "\(path) cannot be written: \(SystemError.last). Choose another place.")
        }
        return descriptor
    }

    static func write(_ text: String, to descriptor: Int32, path: String) throws {
        do {
            try DescriptorIO.write(text.utf8, to: descriptor)
        } catch {
            if descriptor == 1, error.number == EPIPE { _exit(141) }
            throw CommandFailure(message: "\(path) cannot be written: \(error).")
        }
    }
}
