import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// Service accounts: their key files, and the tokens they sign for.
@Suite struct ServiceAccountTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// A key that protects nothing, made for this test.
    private func key(_ arguments: String) async throws -> String {
        try await TestDatabase.workers.run {
            let openssl = Process()
            let pipe = Pipe()
            openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            openssl.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
            openssl.standardOutput = pipe
            openssl.standardError = FileHandle.nullDevice
            try openssl.run()
            let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            openssl.waitUntilExit()
            return text
        }
    }

    private func refusal(_ file: String) -> AtlasError? {
        do {
            _ = try ServiceAccount(file: file, setting: "ATLAS_KEY")
            return nil
        } catch {
            return error
        }
    }

    @Test("A service account reads and writes the calendar that is shared with it, which is in no list")
    func works() async throws {
        let kit = try await GoogleCalendarKit(.robot, calendar: "jobs@group.calendar.google.com")
        #expect(
            try await kit.calendars.calendars() == [
                CalendarInfo(id: kit.google["jobs"], name: "Jobs", primary: true, readOnly: false, provider: "google")
            ])
        #expect(try await kit.calendars.create(kit.draft(), in: nil).created)
        #expect(try await kit.calendars.events(in: kit.november, of: nil, limit: 5).events.count == 1)
        #expect(try await kit.google.journal("POST", "/token").count == 1)
        let error = await thrown(AtlasError.self) {
            try await kit.calendars.events(in: kit.november, of: "x@acme.example", limit: 5)
        }
        #expect(error?.message.contains("robot@acme-double.iam.gserviceaccount.com") == true)
        var draft = kit.draft()
        draft.uid = "other"
        draft.attendees = ["maria@example.com"]
        let invited = await thrown(AtlasError.self) { try await kit.calendars.create(draft, in: nil) }
        #expect(invited?.code == .permissionDenied && invited?.message.contains("ATLAS_TOOLS_CALENDAR_SUBJECT") == true)
    }

    @Test("For a user it acts only when the domain lets it")
    func delegated() async throws {
        let kit = try await GoogleCalendarKit(.robotFor("office@acme.example"))
        let error = await thrown(AtlasError.self) { try await kit.calendars.calendars() }
        #expect(error?.code == .unauthenticated && error?.message.contains("ATLAS_TOOLS_CALENDAR_SUBJECT") == true)
        try await kit.google.order("delegate", ["user": "office@acme.example"])
        #expect(try await kit.calendars.calendars().count == 3)
    }

    @Test("A token that ended is signed for anew, and a key that was deleted is told as one")
    func ends() async throws {
        let kit = try await GoogleCalendarKit(.robot, calendar: "jobs@group.calendar.google.com")
        _ = try await kit.calendars.events(in: kit.november, of: nil, limit: 5)
        try await kit.google.order("expire")
        _ = try await kit.calendars.events(in: kit.november, of: nil, limit: 5)
        #expect(try await kit.google.journal("POST", "/token").count == 2)
        try await kit.google.order("revoke")
        let error = await thrown(AtlasError.self) {
            try await kit.calendars.events(in: kit.november, of: nil, limit: 5)
        }
        #expect(
            error?.code == .unauthenticated
                && error?.message.contains("ATLAS_TOOLS_CALENDAR_SERVICE_ACCOUNT_FILE") == true)
    }

    @Test("A file that is no key file is refused by the name of its setting, and nothing of it is told")
    func files() throws {
        func file(_ json: String) throws -> AtlasError? { refusal(try folder.write("\(UUID().uuidString).json", json)) }
        let email = "\"client_email\": \"robot@secret.example\""
        let cases = [
            refusal(folder.path), refusal(folder.path + "/none"), refusal("/dev/zero"), try file("s3cret"),
            try file("[]"),
            try file("{\"type\": \"authorized_user\"}"), try file("{\"type\": \"service_account\", \(email)}"),
            try file("{\"type\": \"service_account\", \(email), \"private_key\": \"s3cret\"}"),
            try file(
                "{\"type\": \"service_account\", \(email), \"private_key\": \"x\", \"token_uri\": \"http://evil.example/\"}"
            ),
            try file(String(repeating: " ", count: 70_000)),
        ]
        for error in cases {
            #expect(error?.code == .notConfigured && error?.message.contains("ATLAS_KEY") == true)
            #expect(error?.message.contains("s3cret") == false && error?.message.contains("secret.example") == false)
        }
    }

    @Test(
        "Only RSA keys of 2048 bits and more that are not encrypted are taken",
        arguments: [
            ("genrsa 2048", true), ("genrsa -traditional 2048", true), ("genrsa 1024", false),
            ("genrsa -aes128 -passout pass:x 2048", false), ("genpkey -algorithm ed25519", false),
        ])
    func keys(made: String, isTaken: Bool) async throws {
        let pem = try await key(made)
        #expect(pem.contains("PRIVATE KEY"))
        let key = try? RSAKey(pem: pem)
        #expect((key != nil) == isTaken)
        #expect(key?.signature(of: Array("text".utf8))?.count == (isTaken ? 256 : nil))
        if let key { #expect(!"\(key) \(String(reflecting: key))".contains("PRIVATE")) }
    }

    @Test("Without an account it is said which settings there are, and with half of one which are missing")
    func settings() throws {
        func refusal(_ settings: [String: String]) -> String {
            do {
                _ = try GoogleCalendars(Configuration(settings), time: BusinessTime(zone: .utc), http: HTTPClient())
                return ""
            } catch {
                return error.code == .notConfigured ? error.message : ""
            }
        }
        let none = refusal([:])
        #expect(
            none.contains("ATLAS_TOOLS_CALENDAR_CLIENT_ID")
                && none.contains("ATLAS_TOOLS_CALENDAR_SERVICE_ACCOUNT_FILE"))
        let half = refusal(["ATLAS_TOOLS_CALENDAR_CLIENT_ID": "x", "ATLAS_TOOLS_CALENDAR_CLIENT_SECRET": "y"])
        #expect(half.contains("ATLAS_TOOLS_CALENDAR_REFRESH_TOKEN") && !half.contains("CLIENT_SECRET"))
        #expect(
            refusal(["ATLAS_TOOLS_CALENDAR_SERVICE_ACCOUNT_FILE": "/nothing"]).contains(
                "ATLAS_TOOLS_CALENDAR_SERVICE_ACCOUNT_FILE"))
    }
}
