import JSON

/// The price and the day of a job, for a client to agree to.
public struct Estimate: Sendable {
    public var to: [String]
    public var clientName: String
    public var address: String
    /// ISO 8601; the day counts.
    public var serviceDate: String
    /// A time of day, or a span: `9:00`, `2pm`, `9 AM - 11 AM`.
    public var serviceTime: String
    /// `150`, `$1,250.50`
    public var price: String
    public var clientType: ClientType

    public init(
        to: [String], clientName: String, address: String, serviceDate: String, serviceTime: String, price: String,
        clientType: ClientType
    ) {
        self.to = to
        self.clientName = clientName
        self.address = address
        self.serviceDate = serviceDate
        self.serviceTime = serviceTime
        self.price = price
        self.clientType = clientType
    }

    /// For the idempotency key.
    var arguments: JSON {
        [
            "to": .array(to.map { .string($0.trimmed) }), "client_name": .string(clientName.trimmed),
            "address": .string(address.trimmed), "service_date": .string(serviceDate.trimmed),
            "service_time": .string(serviceTime.trimmed), "price": .string(price.trimmed),
            "client_type": .string(clientType.rawValue),
        ]
    }
}

extension Mailer {
    /// Sends an estimate, once.
    ///
    /// - Throws: as ``send(_:tool:template:idempotencyKey:)``; `not_configured` that names every missing detail of the business.
    public func sendEstimate(_ estimate: Estimate, idempotencyKey: String?) async throws -> DoneOnce<SentLetter> {
        try await once("send_estimate", arguments: estimate.arguments, idempotencyKey: idempotencyKey) {
            let client = try TextLimit.clientName.required(estimate.clientName)
            let price = try Price(estimate.price, currency: settings.business.currency)
                .text(currency: settings.business.currency)
            return try made(
                "estimate", .estimate, for: estimate.clientType, to: estimate.to, title: "Estimate of \(price)",
                values: [
                    ("client_name", client), ("address", try TextLimit.address.required(estimate.address)),
                    ("service_date", try serviceDay(estimate.serviceDate)),
                    ("service_time", try ServiceTime(estimate.serviceTime).text), ("price", price),
                ])
        }
    }

    /// A day that is not over.
    private func serviceDay(_ text: String) throws(AtlasError) -> String {
        guard !text.trimmed.isEmpty else {
            throw AtlasError(.invalidArgument, "service_date must not be blank.", parameter: "service_date")
        }
        let date = time.day(of: try time.read(text.trimmed, parameter: "service_date").start)
        let today = time.day(of: .now)
        guard date >= today else {
            throw AtlasError(
                .invalidArgument,
                "service_date must not be in the past: \(BusinessTime.longDate(date)) was before today, "
                    + "\(BusinessTime.longDate(today)).",
                parameter: "service_date")
        }
        return BusinessTime.longDate(date)
    }
}

extension TextLimit {
    static let clientName = TextLimit(parameter: "client_name", longest: 256)
}
