import ArgumentParser
import AtlasCore

/// `atlas contacts`
struct ContactsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contacts", abstract: "Brings contacts in from a file, and out into one.",
        subcommands: [ImportContactsCommand.self, ExportContactsCommand.self])
}

/// A file of contacts: a table or an address book.
enum ContactFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, vcf

    /// As its name ends.
    init(_ given: ContactFormat?, path: String) throws {
        if let given {
            self = given
            return
        }
        switch path.lowercased().split(separator: ".").last {
        case "csv", "tsv", "txt": self = .csv
        case "vcf", "vcard": self = .vcf
        default: throw CommandFailure.usage("What is in \(path)? Say --format csv or --format vcf.")
        }
    }
}
