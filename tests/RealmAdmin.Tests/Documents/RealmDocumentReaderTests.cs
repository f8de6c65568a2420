using Pltfrms.Iam.Common.Errors;
using Pltfrms.Iam.Errors.V1;
using Pltfrms.Iam.RealmAdmin.Documents;

namespace RealmAdmin.Tests.Documents;

/// <summary>Every error: where it is, and what it says.</summary>
public sealed class RealmDocumentReaderTests
{
    [Theory]
    [MemberData(nameof(DocumentErrorCases.Syntax), MemberType = typeof(DocumentErrorCases))]
    [MemberData(nameof(DocumentErrorCases.Realm), MemberType = typeof(DocumentErrorCases))]
    [MemberData(nameof(DocumentErrorCases.Clients), MemberType = typeof(DocumentErrorCases))]
    [MemberData(nameof(DocumentErrorCases.Resources), MemberType = typeof(DocumentErrorCases))]
    [MemberData(nameof(AssertionIssuerErrorCases.Issuers), MemberType = typeof(AssertionIssuerErrorCases))]
    public void Reports(string situation, string document, params string[] expected)
    {
        var violations = Violations(document);

        Assert.True(expected.SequenceEqual(violations), $"{situation}:\n{string.Join("\n", violations)}");
    }

    [Fact]
    public void All_errors_are_reported_at_once() => Assert.Equal(
        [
            "display_nam: is not a known key; did you mean 'display_name'?",
            "clients[0].client_type: is required",
            "clients[1].redirect_uris[0]: must be https, or http on a loopback address",
            "clients[1].scopes[0]: names a scope that the document does not have: 'nothing.read'",
        ],
        Violations("""
            realm_id: r
            display_nam: R
            clients:
              - client_id: a
              - client_id: b
                client_type: web
                redirect_uris: ["http://b.example/"]
                scopes: [nothing.read]
            """).Order(StringComparer.Ordinal).OrderBy(line => line.StartsWith("display", StringComparison.Ordinal) ? 0 : 1));

    [Fact]
    public void A_document_of_another_realm_is_refused()
    {
        var exception = Assert.Throws<IamException>(() => RealmDocumentReader.Read("realm_id: other", "r"));

        Assert.Equal([new FieldViolation("realm_id", "must be 'r', the realm of the request")], exception.Violations);
    }

    [Fact]
    public void A_document_with_very_many_errors_reports_what_an_answer_can_carry()
    {
        var document = "realm_id: r\nroles:\n" + string.Concat(Enumerable.Range(0, 2_000).Select(i => $"  - rol_id: r{i}\n"));

        var violations = Violations(document);

        Assert.InRange(violations.Count, 100, 300);
        Assert.Equal($"document: has {4_000 - violations.Count + 1} more errors; mend these first", violations[^1]);
    }

    [Fact]
    public void A_document_of_more_than_16_MiB_is_refused() => Assert.Equal(
        ["document: must be at most 16 MiB"],
        Violations("realm_id: r\n#" + new string('x', RealmDocumentReader.LargestDocument)));

    [Fact]
    public void An_error_never_shows_a_secret()
    {
        const string Secret = "short-but-secret";

        var exception = Assert.Throws<IamException>(() => RealmDocumentReader.Read(
            $"realm_id: r\nclients: [{{client_id: c, client_type: web, secrets: [{{secret_id: s, secret: {Secret}}}]}}]", "r"));

        Assert.Equal("clients[0].secrets[0].secret", Assert.Single(exception.Violations).Field);
        Assert.DoesNotContain(Secret, exception.ToString() + string.Join(' ', exception.Violations), StringComparison.Ordinal);
    }

    private static List<string> Violations(string document)
    {
        var exception = Assert.Throws<IamException>(() => RealmDocumentReader.Read(document, "r"));
        Assert.Equal(ErrorReason.InvalidRealmDocument, exception.Reason);
        return [.. exception.Violations.Select(violation => $"{violation.Field}: {violation.Description}")];
    }
}
