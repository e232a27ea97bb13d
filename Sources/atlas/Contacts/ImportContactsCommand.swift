import ArgumentParser
import AtlasCore
import JSON
import Synchronization

/// `atlas contacts import`
struct ImportContactsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Brings the people of a CSV or vCard file among the contacts.",
        discussion: """
            Each person is met as create_contact meets one: who has the phone or the e-mail address is that contact, learns what is \
            new, and keeps what is known. So a file can be imported again. Columns are known by the names that Google Contacts, \
            Outlook and many CRMs give them; --map says what others mean.
            """)

    @Argument(help: "The file: .csv, .tsv, .vcf. A dash reads standard input.", completion: .file())
    var file: String
    @Flag(help: "Only say what would be done.")
    var dryRun = false
    @Option(help: "What the file is, where its name does not say: csv or vcf.")
    var format: ContactFormat?
    @Option(
        help: ArgumentHelp(
            "What a column means, as FIELD=COLUMN (FIELD is full_name, first_name, last_name, company, phone, email, address, city, "
                + "state, zip, notes, tags, source, source_ref, contact_type, business_context_id; none leaves it out). May be repeated.",
            valueName: "field=column"))
    var map: [String] = []
    @Option(help: ArgumentHelp("What separates the columns: one character, or tab.", valueName: "character"))
    var separator: String?
    @Option(help: ArgumentHelp("A tag that everybody gets. May be repeated.", valueName: "tag"))
    var tag: [String] = []
    @Option(help: ArgumentHelp("Where the people come from, for those who are new.", valueName: "text"))
    var source = "import"
    @Option(help: ArgumentHelp("The business they belong to. (ATLAS_BUSINESS_CONTEXT_ID)", valueName: "id"))
    var context: String?
    @Option(
        help: ArgumentHelp("Write what became of each row into a CSV file.", valueName: "file"), completion: .file())
    var report: String?
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let configuration = try settings.load()
        let file = try ContactFile(self)
        let details = try report.map { try ImportReportFile(path: $0) }
        let atlas = Atlas(configuration: configuration, logger: logger(configuration))
        let contacts = try atlas.contacts
        let tally = Mutex(ImportTally())
        let progress = ImportProgress(console: console, total: file.size)
        let importing = ContactImport(contacts, isDryRun: dryRun, source: source)
        let work: @Sendable () async throws -> Void = { [tag, context] in
            try await importing.all {
                try file.page(ContactImport.pageSize, tags: tag, context: context)
            } seen: { stage in
                progress.show(stage, octets: file.octets)
            } told: { outcomes in
                try details?.write(outcomes)
                tally.withLock { $0.add(outcomes) }
            }
        }
        let result = Result { try interruptible(atlas, work) }
        progress.end()
        let sum = tally.withLock { $0 }
        if case .failure(let error) = result {
            var failure = CommandFailure(error)
            if !dryRun { failure.message += sum.interrupted }
            throw failure
        }
        if output.json {
            console.document(sum.json(isDryRun: dryRun))
        } else {
            for line in sum.lines(isDryRun: dryRun, hasReport: report != nil) { console.line(line) }
        }
        if sum.refused > 0 { throw ExitCode(1) }
    }
}
