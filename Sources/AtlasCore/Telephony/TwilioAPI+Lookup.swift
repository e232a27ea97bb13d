import JSON

extension TwilioAPI {
    func lookUp(_ number: PhoneNumber) async throws -> PhoneLookup {
        switch account.company {
        case .twilio: try await twilioLookup(number)
        case .signalwire: try await signalWireLookup(number)
        }
    }

    /// Twilio, "Lookup v2 API".
    private func twilioLookup(_ number: PhoneNumber) async throws -> PhoneLookup {
        let fields = FormEncoding.query([("Fields", "caller_name,line_type_intelligence")])
        let json = try await get(account.lookupURL + "/v2/PhoneNumbers/\(number.e164)" + fields)
        guard json["phone_number"] != nil else { throw TwilioRefusal.garbled(account.company) }
        return PhoneLookup(
            phoneNumber: json["phone_number"]?.text ?? number.e164, countryCode: json["country_code"]?.text,
            nationalFormat: json["national_format"]?.text, valid: json["valid"]?.flag,
            callerName: json["caller_name"]?["caller_name"]?.text?.cleaned(),
            lineType: json["line_type_intelligence"]?["type"]?.text,
            carrier: json["line_type_intelligence"]?["carrier_name"]?.text?.cleaned())
    }

    /// SignalWire, "Relay REST: look up a phone number".
    private func signalWireLookup(_ number: PhoneNumber) async throws -> PhoneLookup {
        let include = FormEncoding.query([("include", "carrier,cnam")])
        let json = try await get(
            account.lookupURL + "/api/relay/rest/lookup/phone_number/\(number.e164)" + include)
        guard json["e164"] != nil || json["country_code"] != nil else {
            throw TwilioRefusal.garbled(account.company)
        }
        return PhoneLookup(
            phoneNumber: json["e164"]?.text ?? number.e164, countryCode: json["country_code"]?.text,
            nationalFormat: json["national_number_formatted"]?.text, valid: json["valid_number"]?.flag,
            callerName: json["cnam"]?["caller_id"]?.text?.cleaned(), lineType: json["carrier"]?["linetype"]?.text,
            carrier: json["carrier"]?["lec"]?.text?.cleaned())
    }
}
