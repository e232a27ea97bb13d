import Testing

@testable import AtlasCore

@Suite struct HTTPErrorTextTests {
    @Test(arguments: [
        (HTTPError.Kind.timeout, AtlasError.Code.timeout), (.unknownHost, .unavailable), (.unreachable, .unavailable),
        (.interrupted, .unavailable), (.tls, .notConfigured), (.authorities, .notConfigured),
        (.invalidURL, .notConfigured),
        (.insecure, .notConfigured), (.invalidHeader, .notConfigured), (.missingLibrary, .notConfigured),
        (.file, .internal),
        (.tooLarge, .upstreamError), (.tooManyRedirects, .upstreamError), (.malformedResponse, .upstreamError),
    ])
    func everyFailureHasACodeAndASentence(kind: HTTPError.Kind, code: AtlasError.Code) {
        for mayHaveArrived in [false, true] {
            for isRead in [false, true] {
                let error = HTTPError(kind, host: "api.example.com", mayHaveArrived: mayHaveArrived)
                let told = AtlasError(error, service: "Twilio", isRead: isRead)
                #expect(told.code == code)
                let mayPass = [.unavailable, .timeout].contains(code)
                #expect(told.retryable == (mayPass && (isRead || !mayHaveArrived)))
                #expect(told.message.hasSuffix("."))
                if kind != .authorities && kind != .file && kind != .insecure {
                    #expect(told.message.contains("Twilio (api.example.com)"))
                }
                let isDoubtful = mayHaveArrived && !isRead && (mayPass || code == .upstreamError)
                #expect(told.message.contains("check before repeating it") == isDoubtful)
            }
        }
    }

    @Test func theSentencesRead() {
        let unreachable = HTTPError(.unreachable, host: "api.twilio.com", mayHaveArrived: false)
        #expect(
            AtlasError(unreachable, service: "Twilio").message
                == "Twilio (api.twilio.com) cannot be reached. Try again later.")
        let lost = HTTPError(.interrupted, host: "api.twilio.com", mayHaveArrived: true)
        #expect(
            AtlasError(lost, service: "Twilio").message
                == "The connection to Twilio (api.twilio.com) was lost. Whether it acted on the request is unknown: "
                + "check before repeating it.")
        #expect(
            AtlasError(HTTPError(.timeout, host: "", mayHaveArrived: false), service: "Twilio").message.hasPrefix(
                "Twilio did"))
    }
}
