import JSON

extension TwilioAPI {
    /// Looks at the account and at the number that the business calls and writes from. Reads only.
    ///
    /// - Throws: ``AtlasError`` when the account is refused or not active, or when the number is another's.
    func health(own: PhoneNumber?) async throws -> PartHealth {
        let company = account.company
        let identifier: ConfigurationKey = company == .twilio ? .twilioAccountSID : .signalWireProjectID
        let json = try await read(".json")
        guard let status = json["status"]?.text?.cleaned().cutShort(at: 20) else {
            throw TwilioRefusal.garbled(company)
        }
        let name = json["friendly_name"]?.text?.cleaned().cutShort(at: 60) ?? ""
        guard status.lowercased() == "active" else {
            throw AtlasError(
                .permissionDenied,
                "The \(company.title) account is \(status). Have the one that \(identifier.name) names activated in the provider's console: until then nobody is called or written to."
            )
        }
        var health = PartHealth(["\(company.title) account \(name.isEmpty ? account.id : "“\(name)”") is active"])
        if json["type"]?.text?.lowercased() == "trial" {
            health.warnings.append(
                "It is a trial account, which reaches verified numbers only. Upgrade it in the provider's console.")
        }
        guard let own else {
            health.warnings.append(
                "There is no number to call or write from unless a tool names one. Set \(ConfigurationKey.forwardToNumber.name)."
            )
            return health
        }
        try await look(at: own, &health)
        return health
    }

    private func look(at own: PhoneNumber, _ health: inout PartHealth) async throws {
        let setting = ConfigurationKey.forwardToNumber.name
        let query = [("PhoneNumber", Optional(own.e164)), ("PageSize", "20")]
        func has(_ json: JSON) -> Bool { json["phone_number"]?.text == own.e164 }
        let owned = try await read("/IncomingPhoneNumbers.json", query)["incoming_phone_numbers"]?.items ?? []
        if let number = owned.first(where: has) {
            let can = number["capabilities"]
            let lacking = ["voice", "sms"].filter { can?[$0]?.flag == false }
            health.facts.append("\(own) belongs to it")
            if !lacking.isEmpty {
                health.warnings.append(
                    "\(own) has no \(lacking.joined(separator: " and ")). Set \(setting) to a number that has, or let tools name another."
                )
            }
            return
        }
        // A number that is only verified may be shown in calls, and cannot write.
        let verified = try await read("/OutgoingCallerIds.json", query)["outgoing_caller_ids"]?.items ?? []
        guard verified.contains(where: has) else {
            throw AtlasError(
                .notConfigured,
                "\(own) does not belong to the \(account.company.title) account. Set \(setting) to one of its numbers.")
        }
        health.facts.append("\(own) is verified")
        health.warnings.append(
            "\(own) is only verified: it can call, and cannot send messages. Set \(setting) to a number of the account."
        )
    }
}
