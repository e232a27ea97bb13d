import Foundation
import JSON

/// A mail server on loopback that keeps what it is given and misbehaves on demand: `Tests/Doubles/smtp.py`.
public final class SMTPServer: Sendable {
    /// What it took responsibility for.
    public struct Message: Sendable {
        public let sender: String
        public let recipients: [String]
        public let octets: [UInt8]
        /// Of MAIL, as `SIZE=1234`.
        public let parameters: [String]
        public let user: String?
        public let isEncrypted: Bool
    }

    /// A command as it came, without secrets, and the code that answered it.
    public struct Step: Sendable {
        public let stage: String
        public let argument: String
        public let answer: String
    }

    /// In clear, with STARTTLS.
    public let port: Int
    /// With TLS from the beginning.
    public let tlsPort: Int
    public let caFile: String

    public static let user = "maria@example.com"
    public static let password = "s3cret-password"
    public static let token = "s3cret-access-token"

    private let process: LineProcess

    /// - Parameter settings: as the double's `Settings` has them: `["pipelining": false]`.
    public init(_ settings: JSON = [:]) async {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Doubles/smtp.py")
        let arguments = [script.standardized.path, settings.description]
        let (process, line) = await TestDatabase.workers.run {
            let process = LineProcess("/usr/bin/python3", arguments)
            return (process, process.line())
        }
        let place = try? JSON(parsing: Array(line.utf8))
        self.process = process
        port = place?["port"]?.integer ?? 0
        tlsPort = place?["tls_port"]?.integer ?? 0
        caFile = place?["ca_file"]?.text ?? ""
    }

    /// Lets something go wrong: a `Fault` of the double.
    public func fail(_ stage: String, _ kind: String = "answer", _ said: JSON = [:]) async {
        var order = JSON.Object()
        if case .object(let object) = said { order = object }
        order["order"] = "fail"
        order["stage"] = .string(stage)
        order["kind"] = .string(kind)
        _ = await ask(.object(order))
    }

    public func messages() async -> [Message] {
        await ask(["order": "messages"])?.items?
            .map { record in
                Message(
                    sender: record["sender"]?.text ?? "",
                    recipients: record["recipients"]?.items?.compactMap(\.text) ?? [],
                    octets: Array(Data(base64Encoded: record["octets"]?.text ?? "") ?? Data()),
                    parameters: record["parameters"]?.items?.compactMap(\.text) ?? [], user: record["user"]?.text,
                    isEncrypted: record["tls"]?.flag ?? false)
            } ?? []
    }

    /// The commands of all connections.
    public func journal() async -> [Step] {
        await ask(["order": "journal"])?.items?
            .map { record in
                let answer = record["answer"]?.integer.map(String.init) ?? record["answer"]?.text
                return Step(
                    stage: record["stage"]?.text ?? "", argument: record["argument"]?.text ?? "", answer: answer ?? "")
            } ?? []
    }

    /// What clients did that the standards forbid.
    public func problems() async -> [String] {
        await ask(["order": "problems"])?.items?.compactMap(\.text) ?? ["no answer"]
    }

    private func ask(_ order: JSON) async -> JSON? {
        await TestDatabase.workers.run { try? JSON(parsing: Array(process.ask(order.description).utf8)) }
    }
}
