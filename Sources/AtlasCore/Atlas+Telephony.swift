extension Atlas {
    /// The business's telephone.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong.
    public var telephony: Telephony {
        get throws {
            let time = try time
            return try opened.withLock { opened in
                if let telephony = opened.telephony { return telephony }
                let account = try TelephonyAccount(configuration)
                let telephony = Telephony(
                    provider: TwilioAPI(account: account, http: http(&opened)),
                    policy: try TelephonyPolicy(configuration),
                    settings: try TelephonySettings(configuration, region: try region.name),
                    outbox: Outbox(
                        database: try database(&opened), businessContextID: configuration[.businessContext],
                        logger: logger, changed: contactChanged),
                    time: time)
                opened.telephony = telephony
                return telephony
            }
        }
    }

    func http(_ opened: inout Opened) -> HTTPClient {
        if let http = opened.http { return http }
        let http = HTTPClient(caFile: configuration[.caFile])
        opened.http = http
        return http
    }
}
