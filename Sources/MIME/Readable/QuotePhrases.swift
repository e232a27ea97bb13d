/// What mail programs of many languages write above what they quote.
enum QuotePhrases {
    enum Field { case from, sent, to, subject }

    // MARK: On … wrote:

    private static let starts = [
        "on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "på ", "w dniu ", "dnia ", "dne ", "le\u{A0}", "pada ",
        "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    ]
    private static let verbs = [
        "wrote", "writes", "schrieb", "a écrit", "escribió", "escribio", "ha scritto", "schreef", "geschreven",
        "escreveu", "skrev",
        "napisał", "napsal", "написал", "пишет", "kirjoitti", "yazdı", "írta", "写道", "寫道", "のメール", "書きました", "작성",
    ]

    static func startsAttribution(_ line: Substring) -> Bool {
        let start = line.prefix(12).drop { $0 == " " || $0 == "*" }.lowercased()
        return starts.contains { start.hasPrefix($0) } || start.utf8.first?.isDigit == true
    }

    /// - Parameter text: ends with a colon.
    static func isAttribution(_ text: String) -> Bool {
        guard text.utf8.contains(where: \.isDigit) || text.utf8.contains(UInt8(ascii: "@")) else { return false }
        let text = text.lowercased()
        return verbs.contains { text.contains($0) }
    }

    /// Whether a line right above quoted text attributes it, in whatever language.
    static func isLikelyAttribution(_ line: Substring) -> Bool {
        guard line.endsWithColon, line.utf8.count <= 300 else { return false }
        return line.utf8.contains(UInt8(ascii: "@")) || line.utf8.count(where: \.isDigit) >= 4
            || isAttribution(String(line))
    }

    // MARK: -----Original Message-----

    private static let originals: Set<String> = [
        "original message", "originalnachricht", "ursprüngliche nachricht", "message d'origine", "message d’origine",
        "message original",
        "mensaje original", "messaggio originale", "oorspronkelijk bericht", "mensagem original",
        "ursprungligt meddelande",
        "oprindelig meddelelse", "opprinnelig melding", "oryginalna wiadomość", "wiadomość oryginalna",
        "původní zpráva",
        "исходное сообщение", "alkuperäinen viesti", "原始邮件", "原始郵件", "元のメッセージ", "원본 메시지", "original appointment",
    ]
    private static let forwards = [
        "forwarded message", "weitergeleitete nachricht", "message transféré", "message transmis", "mensaje reenviado",
        "messaggio inoltrato", "doorgestuurd bericht", "mensagem encaminhada", "vidarebefordrat", "videresendt",
        "przekazana wiadomość",
        "пересылаемое сообщение", "转发的邮件", "転送",
    ]
    private static let beginnings = [
        "begin forwarded message:", "anfang der weitergeleiteten nachricht:", "début du message réexpédié",
        "début du message transféré",
        "inicio del mensaje reenviado:", "inizio messaggio inoltrato:", "begin doorgestuurd bericht:",
        "início da mensagem encaminhada:",
    ]

    static func isOriginalMark(_ line: Substring) -> Bool {
        let trimmed = line.trimmedBlanks
        guard trimmed.hasPrefix("--") || trimmed.hasPrefix("__") else { return false }
        return originals.contains(words(trimmed))
    }

    static func isForwardMark(_ line: Substring) -> Bool {
        let trimmed = line.trimmedBlanks.drop { $0 == ">" || $0 == " " }
        if trimmed.hasPrefix("--") {
            let words = words(String(trimmed))
            return forwards.contains { words.contains($0) }
        }
        guard trimmed.utf8.last == UInt8(ascii: ":") || trimmed.hasPrefix("D") || trimmed.hasPrefix("d") else {
            return false
        }
        let lowered = trimmed.lowercased()
        return beginnings.contains { lowered.hasPrefix($0) }
    }

    private static func words(_ line: String) -> String {
        line.split { $0 == "-" || $0 == "_" || $0 == " " }.joined(separator: " ").lowercased()
    }

    // MARK: From: Sent: To: Subject:

    private static let fields: [String: Field] = {
        var fields: [String: Field] = [:]
        for name in [
            "from", "von", "de", "da", "van", "från", "fra", "od", "от", "lähettäjä", "发件人", "寄件者", "差出人", "보낸 사람",
        ] {
            fields[name] = .from
        }
        for name in [
            "sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "enviado em",
            "enviada em", "fecha", "data",
            "inviato", "verzonden", "skickat", "sendt", "dato", "wysłano", "odesláno", "отправлено", "дата",
            "lähetetty", "发送时间", "日期",
            "送信日時", "날짜",
        ] { fields[name] = .sent }
        for name in [
            "to", "an", "à", "a", "para", "aan", "till", "til", "do", "komu", "кому", "vastaanottaja", "收件人", "宛先",
            "받는 사람",
        ] {
            fields[name] = .to
        }
        for name in [
            "subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "ämne", "emne", "temat",
            "předmět", "тема", "aihe",
            "主题", "主旨", "件名", "제목",
        ] { fields[name] = .subject }
        return fields
    }()

    static func field(_ line: Substring) -> Field? {
        // The name is short; a colon far off belongs to prose.
        let octets = line.utf8.prefix(60).drop { $0.isSpace || $0 == UInt8(ascii: "*") }
        guard let colon = octets.firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == 0xEF }) else { return nil }
        let name = Substring(octets[..<colon]).split { $0 == "*" || $0 == " " || $0 == "\u{A0}" }.joined(separator: " ")
            .lowercased()
        return fields[name]
    }
}
