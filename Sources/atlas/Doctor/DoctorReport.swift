import AtlasCore
import JSON

/// One part's findings, and how long they took.
struct Examination: Sendable, Equatable {
    var part: DoctorPart
    var findings: [Finding]
    var milliseconds: Int

    /// A line for each finding, and one for what to do about it.
    func lines(_ console: Console) -> [String] {
        findings.enumerated().flatMap { index, finding -> [String] in
            let (sign, colour): (String, Console.Colour) =
                switch finding.status {
                case .ok: ("✓", .green)
                case .warning: ("!", .yellow)
                case .failed: ("✗", .red)
                case .notConfigured: ("–", .faint)
                }
            let name = part.rawValue + String(repeating: " ", count: max(1, Self.width - part.rawValue.count))
            let took = index == 0 && milliseconds >= 10 ? console.coloured(" (\(milliseconds) ms)", .faint) : ""
            let said = finding.message.cleaned()
            let message = finding.status == .notConfigured ? console.coloured(said, .faint) : said
            var lines = ["\(console.coloured(sign, colour)) \(console.coloured(name, .bold))\(message)\(took)"]
            let margin = String(repeating: " ", count: Self.width + 2)
            if let fix = finding.fix {
                // The variable is told once.
                let variable = finding.variable.flatMap { fix.contains($0) ? nil : "\($0): " } ?? ""
                lines.append("\(margin)→ \(variable)\(fix.cleaned())")
            } else if let variable = finding.variable {
                lines.append("\(margin)→ \(variable)")
            }
            return lines
        }
    }

    private static let width = 1 + (DoctorPart.allCases.map(\.rawValue.count).max() ?? 0)
}

/// All that was found.
struct DoctorReport: Sendable {
    var examinations: [Examination]

    private var findings: [Finding] { examinations.flatMap(\.findings) }

    private func count(_ status: Finding.Status) -> Int { findings.count { $0.status == status } }

    /// 0 when nothing failed, 78 when a setting is to blame, else 1.
    var exitCode: Int32 {
        let failed = findings.filter { $0.status == .failed }
        return failed.isEmpty ? 0 : failed.contains(where: \.isSetting) ? 78 : 1
    }

    var json: JSON {
        func text(_ text: String?) -> JSON { text.map { .string($0.cleaned()) } ?? .null }
        let checks = examinations.flatMap { examination in
            examination.findings.map { finding -> JSON in
                [
                    "name": .string(examination.part.rawValue), "status": .string(finding.status.rawValue),
                    "message": text(finding.message), "variable": text(finding.variable), "fix": text(finding.fix),
                    "milliseconds": .integer(examination.milliseconds),
                ]
            }
        }
        return ["success": .bool(exitCode == 0), "checks": .array(checks)]
    }

    var words: String {
        let warnings = count(.warning)
        return "\(count(.ok)) well, \(warnings) \(warnings == 1 ? "warning" : "warnings"), \(count(.failed)) failed, "
            + "\(count(.notConfigured)) not configured."
    }
}

/// Takes secrets out of what is shown. Nothing should bring one in; what others say is never certain.
struct Redaction: Sendable {
    private let secrets: [String]

    init(_ configuration: Configuration) {
        // What is shorter is in any text.
        secrets = ConfigurationKey.all.filter(\.isSecret).compactMap { configuration[$0] }.filter { $0.utf8.count >= 6 }
    }

    func callAsFunction(_ finding: Finding) -> Finding {
        var finding = finding
        finding.message = shown(finding.message)
        finding.fix = finding.fix.map(shown)
        return finding
    }

    private func shown(_ text: String) -> String {
        secrets.reduce(text) { text, secret in text.replacing(secret, with: "…") }
    }
}
