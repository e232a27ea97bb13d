import AtlasCore
import AtlasServer
import JSON
import MCP

extension ClientType: ParameterValue {}
extension LetterTemplate: ParameterValue {}

/// What the tools that fill templates answer.
struct SentTemplate: Codable {
    var success: Bool
    var messageID: String
    var provider: String
    var accepted: [String]
    var rejected: [String]
    var rejections: [RejectedRecipient]
    var sentEmailID: String
    var template: String
    /// Whether the client's PDF went along.
    var pdfAttached: Bool
    /// What happened, in a sentence.
    var message: String
    var replayed: Bool
    var warnings: [String]

    init(_ sent: DoneOnce<SentLetter>) {
        let letter = sent.outcome
        success = true
        messageID = letter.messageID
        provider = letter.provider
        accepted = letter.accepted
        rejected = letter.rejected
        rejections = letter.rejections
        sentEmailID = letter.sentEmailID
        template = letter.template ?? ""
        pdfAttached = letter.pdfAttached ?? false
        message = letter.message ?? ""
        replayed = sent.replayed
        warnings = letter.warnings + sent.warnings
    }
}

struct SendEstimate: Tool {
    static let name = "send_estimate"
    static let description = """
        Send a client an estimate: the price and the day of a job, in the business's own letter. It reaches a real person and cannot be \
        taken back.
        """
    static let hints: ToolHints = .openWorld

    @Parameter("Who gets it.") var to: Recipients
    @Parameter("The client's name: a person's, or a business's.", .length(1...256)) var clientName: String
    @Parameter("Where the work is to be done.", .length(1...1000)) var address: String
    @Parameter("The day of the work, like 2026-11-24.", .length(1...64)) var serviceDate: String
    @Parameter("The time of day, like 9:00, 2pm or 9 AM - 11 AM.", .length(1...64)) var serviceTime: String
    @Parameter("The price, like 150 or $1,250.50.") var price: Amount
    @Parameter("Whether the client is a business or a household.") var clientType: ClientType
    @Parameter(.idempotencyKey, .length(...128)) var idempotencyKey: String?

    func call(_ mail: Mail) async throws -> SentTemplate {
        let estimate = Estimate(
            to: to.texts, clientName: clientName, address: address, serviceDate: serviceDate, serviceTime: serviceTime,
            price: price.text, clientType: clientType)
        return SentTemplate(try await mail.mailer.sendEstimate(estimate, idempotencyKey: idempotencyKey))
    }
}

struct SendProposal: Tool {
    static let name = "send_proposal"
    static let description = """
        Send a client a proposal: what is to be done where, how often and for how much, in the business's own letter, with the client's \
        PDF where there is one. It reaches a real person and cannot be taken back.
        """
    static let hints: ToolHints = .openWorld

    @Parameter("Who gets it.") var to: Recipients
    @Parameter("The client's name; the PDF is found by it.", .length(1...256)) var clientName: String
    @Parameter("The person who is addressed.", .length(1...256)) var contactName: String
    @Parameter("Where the work is to be done.", .length(1...1000)) var address: String
    @Parameter("The areas that are to be cleaned.", .length(1...4000)) var areasToClean: String
    @Parameter("What is to be done there.", .length(1...10_000)) var cleaningDescription: String
    @Parameter("The price, like 150 or $1,250.50.") var price: Amount
    @Parameter("Whether the client is a business or a household.") var clientType: ClientType
    @Parameter("How often, like weekly.", .length(...200)) var frequency = "As needed"
    @Parameter("The contact's phone number; needed for a business.", .length(...64)) var contactPhone: String?
    @Parameter(.idempotencyKey, .length(...128)) var idempotencyKey: String?

    func call(_ mail: Mail) async throws -> SentTemplate {
        var proposal = Proposal(
            to: to.texts, clientName: clientName, contactName: contactName, address: address,
            areasToClean: areasToClean, cleaningDescription: cleaningDescription, price: price.text,
            clientType: clientType)
        proposal.frequency = frequency
        proposal.contactPhone = contactPhone
        return SentTemplate(try await mail.mailer.sendProposal(proposal, idempotencyKey: idempotencyKey))
    }
}

/// A price as callers write it: a number, or a text with a currency sign and commas.
struct Amount: ParameterValue {
    let text: String

    static var schema: JSON.Object { ["type": "string", "minLength": 1, "maxLength": 32] }

    init(_ json: JSON) throws(InvalidArguments) {
        switch json {
        case .string(let text): self.text = text
        case .integer(let integer): text = String(integer)
        case .number: text = json.description
        default: throw InvalidArguments("must be a price like 150 or $1,250.50, got \(json.quoted)")
        }
        guard text.unicodeScalars.count <= 32 else {
            throw InvalidArguments("must be a price of at most 32 characters")
        }
    }
}
