import JSON
import Testing

@testable import MCP

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a client must never send, and what it hears.
@Suite struct HostileLineTests {
    static let table: [(line: String, answer: String)] = [
        ("{", #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: the text ends too early"}}"#),
        ("nonsense", #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: unexpected character"}}"#),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"ping"}x"#,
            #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: something follows the value"}}"#
        ),
        ("42", #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: a message is a JSON object"}}"#),
        ("null", #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: a message is a JSON object"}}"#),
        ("{}", #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: jsonrpc must be \"2.0\""}}"#),
        (
            #"{"jsonrpc":"1.0","id":"a","method":"ping"}"#,
            #"{"jsonrpc":"2.0","id":"a","error":{"code":-32600,"message":"Invalid request: jsonrpc must be \"2.0\""}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":7}"#,
            #"{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"Invalid request: method is missing"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":7,"method":5}"#,
            #"{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"Invalid request: method must be a string"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}"#,
            #"{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"Invalid request: params must be an object"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: id must be a string or an integer"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1.0,"method":"ping"}"#,
            #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: id must be a string or an integer"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":true,"method":"ping"}"#,
            #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: id must be a string or an integer"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
            #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: id must be a string or an integer"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#,
            #"{"jsonrpc":"2.0","id":2,"error":{"code":-32600,"message":"Invalid request: id stands twice"}}"#
        ),
        (
            "[]",
            #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: a batch needs revision 2025-03-26"}}"#
        ),
        (
            #"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#,
            #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: a batch needs revision 2025-03-26"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: no/such"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"info"}}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: logging/setLevel"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"tasks/list"}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found: tasks/list"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"tools/call needs a name"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":[]}}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"arguments must be an object"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"nope"}}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unknown tool: nope"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid cursor"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"initialize needs capabilities, clientInfo.name, clientInfo.version"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"params._meta is missing io.modelcontextprotocol/protocolVersion and io.modelcontextprotocol/clientCapabilities"}}"#
        ),
        (
            #"{"jsonrpc":"2.0","id":"\ud800","method":"ping"}"#,
            #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: lone surrogate"}}"#
        ),
        (
            #"{"params":"# + String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
                + #","method":"ping","id":"deep","jsonrpc":"2.0"}"#,
            #"{"jsonrpc":"2.0","id":"deep","error":{"code":-32700,"message":"Parse error: nested too deeply"}}"#
        ),
    ]

    @Test(arguments: table)
    func aBadLineGetsItsError(_ line: String, _ answer: String) async {
        let host = Host()
        host.send(line)
        #expect(await host.line() == answer)
        #expect(await host.ask(#"{"jsonrpc":"2.0","id":9,"method":"ping"}"#)?["result"] == [:])
        host.hangUp()
        #expect(await host.hasEnded())
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","method":"notifications/unknown"}"#,
        #"{"jsonrpc":"2.0","method":"notifications/unknown","params":[1]}"#,
        #"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#,
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":null}}"#,
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"never"}}"#,
        #"{"jsonrpc":"2.0","method":"tools/list"}"#,
        #"{"jsonrpc":"2.0","id":"srv-1","result":{}}"#,
        #"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}"#,
        #"{"jsonrpc":"2.0","id":99,"error":{"code":-32600,"message":"x"}}"#,
        "", " ", "\r", "\t \r",
    ])
    func whatNeedsNoAnswerGetsNone(_ line: String) async {
        let host = Host()
        host.send(line)
        #expect(await host.ask(#"{"jsonrpc":"2.0","id":9,"method":"ping"}"#)?["id"] == 9)
        host.hangUp()
        #expect(await host.rest() == [])
    }

    @Test(arguments: [
        "0", "-7", "7", #""7""#, #""""#, "18446744073709551617", #""\u0041\n""#, #""é🙂""#,
    ])
    func anIdComesBackAsItWasWritten(_ id: String) async {
        let host = Host()
        host.send(#"{"method":"ping","params":null,"id":  \#(id) ,"jsonrpc":"2.0"}"#)
        #expect(await host.line() == #"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#)
        host.hangUp()
    }

    @Test func invalidUTF8IsAParseError() async {
        let host = Host()
        host.sendRaw(Array(#"{"jsonrpc":"2.0","id":""#.utf8) + [0xED, 0xA0, 0x80] + Array("\"}\n".utf8))
        #expect(await host.message()?["error"]?["code"] == -32700)
        host.hangUp()
    }

    @Test func marksBlanksAndAMissingNewlineDoNoHarm() async {
        let host = Host()
        host.sendRaw([0xEF, 0xBB, 0xBF])
        host.send("  {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}  \r")
        host.sendRaw(Array(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#.utf8))
        host.hangUp()
        #expect(
            await host.rest() == [
                #"{"jsonrpc":"2.0","id":1,"result":{}}"#, #"{"jsonrpc":"2.0","id":2,"result":{}}"#,
            ])
    }

    @Test func aLineBeyondTheLimitIsSkipped() async {
        let host = Host()
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        await blocking { for _ in 0..<66 { host.sendRaw(block) } }
        host.send("", #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
        host.hangUp()
        #expect(
            await host.rest(within: 60) == [
                #"{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid request: a line is longer than 64 MiB"}}"#,
                #"{"jsonrpc":"2.0","id":1,"result":{}}"#,
            ])
    }

    @Test func linesAreCutWhereverTheOctetsAreCut() {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let text = "\u{FEFF}one\n\n two \r\nthree and more\nabcdefghijklmnopq\nfour"
        for octet in text.utf8 {
            var octet = octet
            write(ends[1], &octet, 1)
        }
        close(ends[1])
        var reader = LineReader(longest: 16)
        var seen: [String] = []
        func note(_ event: LineReader.Event?) {
            switch event {
            case .line(let line): seen.append(String(decoding: line, as: UTF8.self))
            case .tooLong: seen.append("too long")
            case nil: break
            }
        }
        while reader.fill(from: ends[0]) > 0 {
            while let event = reader.next() { note(event) }
        }
        note(reader.last())
        close(ends[0])
        #expect(seen == ["one", " two \r", "three and more", "too long", "four"])
    }
}
