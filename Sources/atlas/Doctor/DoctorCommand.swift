import ArgumentParser
import AtlasCore

/// `atlas doctor`
struct DoctorCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks each part that is configured for real, and says what to do where it does not work.",
        discussion: """
            All parts are looked at at once, each for as long as --timeout allows: the settings, the database, mail, calendar, \
            telephony, speech recognition, language model, libraries, folders, zone and clock. Nothing is sent, made or changed \
            anywhere, and a private PostgreSQL that rests is left at rest. Secrets are not shown.

            ✓ is well, ! works and could be better, ✗ does not work, – is not configured. Exit codes: 0 nothing failed, \
            1 something failed, 78 a setting is wrong.
            """)

    @Option(
        help: ArgumentHelp(
            "Look at these alone, separated by commas: "
                + (DoctorPart.allCases.map(\.rawValue) + DoctorPart.groups.map(\.name)).joined(separator: ", ") + ".",
            valueName: "parts"))
    var only: String?
    @Option(help: ArgumentHelp("How long each part may take.", valueName: "seconds"))
    var timeout = 10
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...300).contains(timeout) else { throw ValidationError("--timeout must be from 1 to 300 seconds.") }
        _ = try DoctorPart.selected(only)
    }

    func perform(_ console: Console) throws {
        let parts = try DoctorPart.selected(only)
        let report: DoctorReport
        do {
            let configuration = try settings.load()
            let doctor = Doctor(
                configuration: configuration, file: settings.config, logger: logger(configuration),
                timeout: .seconds(timeout))
            report = try wait(on: doctor.workers) { [json = output.json] in
                await doctor.examine(parts) { examination in
                    if !json { examination.lines(console).forEach(console.line) }
                }
            }
        } catch let error as AtlasError {
            // Without settings there is nothing else to look at.
            report = DoctorReport(examinations: [
                Examination(part: .configuration, findings: [Doctor.unreadable(error)], milliseconds: 0)
            ])
            if !output.json { report.examinations[0].lines(console).forEach(console.line) }
        }
        if output.json {
            console.document(report.json)
        } else {
            console.line(report.words)
        }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }
}
