#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads what stands after a colon.
struct QueryValue {
    let field: QueryOperator
    /// What is quoted in a complaint: the operator with its value.
    let token: QueryToken
    let time: BusinessTime
    let now: Date

    /// - Parameters:
    ///   - text: cleaned.
    ///   - isQuoted: whether it stood in quotes.
    func test(_ text: String, isQuoted: Bool) throws(AtlasError) -> MailQuery {
        guard !text.isEmpty else { throw .query("\(token.place) has no value. Write \(field.example).") }
        switch field {
        case .from, .to, .cc:
            // Gmail's word for the account's owner. Elsewhere it would find James.
            if !isQuoted, text.lowercased() == "me" {
                throw .query("\(token.place): \"me\" is not known here. Write the address; sent mail is in:sent.")
            }
            return field == .from ? .from(text) : field == .to ? .to(text) : .cc(text)
        case .subject: return .subject(text)
        case .body: return .body(text)
        case .is: return try state(text)
        case .has:
            guard ["attachment", "attachments"].contains(text.lowercased()) else { throw wrong }
            return .hasAttachment
        case .newerThan: return .since(try moment(ago: text))
        case .olderThan: return .before(try moment(ago: text))
        case .after: return .since(try day(text))
        case .before: return .before(try day(text))
        case .larger: return .larger(try octets(text))
        case .smaller: return .smaller(try octets(text))
        case .in: return .all
        }
    }

    private var wrong: AtlasError { .query("\(token.place) is not understood. Write \(field.example).") }

    private func state(_ text: String) throws(AtlasError) -> MailQuery {
        switch text.lowercased() {
        case "read", "seen": return .read
        case "unread", "unseen": return .unread
        case "starred", "flagged": return .starred
        case "answered", "replied": return .answered
        default: throw wrong
        }
    }

    /// The first moment of a day of the business, or the moment when the text says one.
    private func day(_ text: String) throws(AtlasError) -> Date {
        let parts = text.split(separator: text.contains("/") ? "/" : "-", omittingEmptySubsequences: false)
        var iso = text
        if parts.count == 3, parts[0].utf8.count == 4, parts.allSatisfy({ $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }) {
            iso = parts.map { $0.utf8.count == 1 ? "0\($0)" : "\($0)" }.joined(separator: "-")
        }
        guard ISO8601Text(iso) != nil else { throw wrong }
        do {
            return try time.read(iso, parameter: "query").start
        } catch {
            // Skipped by the clocks, or there twice.
            throw .query("\(token.place): \(error.message)")
        }
    }

    /// `2d` before now. Months and years are counted on the business's calendar, the others in hours.
    private func moment(ago text: String) throws(AtlasError) -> Date {
        let digits = text.utf8.prefix { $0 &- 0x30 < 10 }
        guard let count = Int(Substring(digits)), (1...9999).contains(count), digits.count == text.utf8.count - 1 else {
            throw wrong
        }
        switch text.lowercased().last {
        case "h": return now - Double(count) * 3600
        case "d": return now - Double(count) * 86400
        case "w": return now - Double(count) * 7 * 86400
        case "m": return earlier(byMonths: count)
        case "y": return earlier(byMonths: count * 12)
        default: throw wrong
        }
    }

    /// The same clock time on the same day of an earlier month, or on its last day when it is shorter.
    private func earlier(byMonths months: Int) -> Date {
        let instant = Int(now.timeIntervalSince1970.rounded(.down))
        let wall = instant + time.zone.offset(at: instant)
        let today = CivilDate(daysSince1970: wall.floorDivided(by: 86400))
        let month = max(12, today.year * 12 + today.month - 1 - months)
        var date = CivilDate(year: month / 12, month: month % 12 + 1, day: 1)
        date.day = min(today.day, CivilDate.days(inMonth: date.month, of: date.year))
        let earlier = date.daysSince1970 * 86400 + wall.floorRemainder(by: 86400)
        let moment = time.zone.instants(ofWallClock: earlier).first ?? earlier - time.zone.offset(at: earlier)
        return Date(timeIntervalSince1970: Double(moment))
    }

    /// `5M`, `10K`, `1G`, `2500`; K is 1024.
    private func octets(_ text: String) throws(AtlasError) -> Int {
        let digits = text.utf8.prefix { $0 &- 0x30 < 10 }
        guard (1...12).contains(digits.count), let count = Int(Substring(digits)) else { throw wrong }
        switch text.dropFirst(digits.count).uppercased() {
        case "", "B": return count
        case "K", "KB": return count << 10
        case "M", "MB": return count << 20
        case "G", "GB": return count << 30
        default: throw wrong
        }
    }
}
