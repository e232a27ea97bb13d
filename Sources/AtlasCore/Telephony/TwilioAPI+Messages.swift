import JSON

extension TwilioAPI {
    func sendMessage(_ message: OutgoingMessage) async throws -> Message {
        var form: [(String, String?)] = [("To", message.to), ("From", message.from), ("Body", message.body)]
        for url in message.mediaURLs { form.append(("MediaUrl", url)) }
        let json = try await post("/Messages.json", form, act: .message)
        do { return try self.message(json) } catch { throw UncertainOutcome(Act.message.unknown(account.company)) }
    }

    func messages(from: String, to: String?, limit: Int) async throws -> [Message] {
        let query = [("To", to), ("From", from), ("PageSize", String(limit))]
        return try await list("/Messages.json", query, of: "messages", limit: limit, message)
    }

    private func message(_ json: JSON) throws -> Message {
        guard let sid = json["sid"]?.text, let status = json["status"]?.text else {
            throw TwilioRefusal.garbled(account.company)
        }
        return Message(
            messageSID: sid, from: json["from"]?.text?.cleaned() ?? "", to: json["to"]?.text?.cleaned() ?? "",
            body: json["body"]?.text?.cleaned(keepingLines: true) ?? "", status: status.cleaned(),
            direction: json["direction"]?.text,
            segments: json["num_segments"]?.wholeNumber.flatMap { $0 > 0 ? $0 : nil })
    }
}
