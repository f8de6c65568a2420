using System.Text.Json.Nodes;

namespace Conformance.Tests.Running;

/// <summary>An answer of AuthZEN's Access Evaluation API.</summary>
internal sealed record AuthZenAnswer(string Fingerprint, int Status, JsonObject Body) : Answer(Fingerprint, null)
{
    private const string Prefix = "DECISION_REASON_";

    public override bool Succeeded => Status == 200;

    public static AuthZenAnswer Of(int status, string body) => new($"{status}\n{body}", status, JsonNode.Parse(body)!.AsObject());

    public override void AssertMeets(Expectation expectation)
    {
        var expected = expectation.Grpc!;
        var status = expected.Code switch { "OK" => 200, "UNAUTHENTICATED" => 401, _ => 403 };
        Assert.True(Status == status, $"expected {status}, found {Fingerprint}");
        if (Succeeded)
        {
            var reason = ((string?)expected.Fields!["reason"])![Prefix.Length..];
            Assert.Equal((bool?)expected.Fields["allowed"] ?? false, (bool?)Body["decision"]);
            Assert.Equal(reason == "ALLOWED" ? null : reason, (string?)Body["context"]?["reason_admin"]?["403"]);
        }
    }
}
