import JSON

/// What the business offers to do, for how much and how often.
public struct Proposal: Sendable {
    public var to: [String]
    public var clientName: String
    public var contactName: String
    public var address: String
    public var areasToClean: String
    public var cleaningDescription: String
    /// `150`, `$1,250.50`
    public var price: String
    public var clientType: ClientType
    public var frequency = "As needed"
    /// Needed for a business.
    public var contactPhone: String?

    public init(
        to: [String], clientName: String, contactName: String, address: String, areasToClean: String,
        cleaningDescription: String, price: String, clientType: ClientType
    ) {
        self.to = to
        self.clientName = clientName
        self.contactName = contactName
        self.address = address
        self.areasToClean = areasToClean
        self.cleaningDescription = cleaningDescription
        self.price = price
        self.clientType = clientType
    }

    /// For the idempotency key.
    var arguments: JSON {
        [
            "to": .array(to.map { .string($0.trimmed) }), "client_name": .string(clientName.trimmed),
            "contact_name": .string(contactName.trimmed), "address": .string(address.trimmed),
            "areas_to_clean": .string(areasToClean.trimmed),
            "cleaning_description": .string(cleaningDescription.trimmed), "price": .string(price.trimmed),
            "client_type": .string(clientType.rawValue), "frequency": .string(frequency.trimmed),
            "contact_phone": .string(contactPhone?.trimmed ?? ""),
        ]
    }
}

extension Mailer {
    /// Sends a proposal, once, with its PDF where there is one.
    ///
    /// - Throws: as ``sendEstimate(_:idempotencyKey:)``.
    public func sendProposal(_ proposal: Proposal, idempotencyKey: String?) async throws -> DoneOnce<SentLetter> {
        try await once("send_proposal", arguments: proposal.arguments, idempotencyKey: idempotencyKey) {
            let client = try TextLimit.clientName.required(proposal.clientName)
            let phone = try TextLimit.contactPhone.optional(proposal.contactPhone)
            guard phone != nil || proposal.clientType == .residential else {
                throw AtlasError(
                    .invalidArgument, "contact_phone is needed for a business: give the number of its contact.",
                    parameter: "contact_phone")
            }
            let price = try Price(proposal.price, currency: settings.business.currency)
                .text(currency: settings.business.currency)
            let values: [(String, String?)] = [
                ("client_name", client), ("contact_name", try TextLimit.contactName.required(proposal.contactName)),
                ("contact_phone", phone), ("address", try TextLimit.address.required(proposal.address)),
                ("areas_to_clean", try TextLimit.areas.required(proposal.areasToClean)),
                ("cleaning_description", try TextLimit.cleaning.required(proposal.cleaningDescription)),
                ("price", price), ("frequency", try TextLimit.frequency.optional(proposal.frequency) ?? "As needed"),
            ]
            let pdf = try settings.proposals.proposal(for: client)
            var letter = try made(
                "proposal", .proposal, for: proposal.clientType, to: proposal.to, title: "Proposal for \(price)",
                values: values, hasPDF: pdf != nil)
            letter.made?.isPDFAttached = pdf != nil
            letter.attachments = pdf.map { [$0] } ?? []
            if pdf == nil {
                letter.warnings.append(
                    settings.proposals.isEmpty
                        ? "No PDF was attached: \(ConfigurationKey.proposalsDirs.name) names no folder."
                        : "No PDF was attached: no file in \(ConfigurationKey.proposalsDirs.name) has the name of \(client)."
                )
            }
            return letter
        }
    }
}

extension TextLimit {
    fileprivate static let contactName = TextLimit(parameter: "contact_name", longest: 256)
    fileprivate static let contactPhone = TextLimit(parameter: "contact_phone", longest: 64)
    fileprivate static let areas = TextLimit(parameter: "areas_to_clean", longest: 4000, keepsLines: true)
    fileprivate static let cleaning = TextLimit(parameter: "cleaning_description", longest: 10_000, keepsLines: true)
    fileprivate static let frequency = TextLimit(parameter: "frequency", longest: 200)
}
