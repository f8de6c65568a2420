using System.Text;
using System.Text.Json.Nodes;

namespace Conformance.Tests.Running;

/// <summary>An answer over REST.</summary>
internal sealed record RestAnswer(string Fingerprint, string? Token, int Status, IReadOnlyDictionary<string, string> Headers, string Body) : Answer(Fingerprint, Token)
{
    // Bookkeeping of the connection, not of the answer.
    private static readonly string[] NotTheAnswer = ["date", "connection", "keep-alive"];

    public override bool Succeeded => Status is >= 200 and < 300;

    public static async Task<RestAnswer> OfAsync(HttpResponseMessage response)
    {
        var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
        var headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => !NotTheAnswer.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var status = (int)response.StatusCode;
        var lines = headers.OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase).Select(header => $"{header.Key}: {header.Value}");
        return new RestAnswer($"{status}\n{string.Join('\n', lines)}\n\n{body}", TokenIn(body), status, headers, body);
    }

    public override void AssertMeets(Expectation expectation)
    {
        var expected = expectation.Rest!;
        Assert.True(Status == expected.Status, $"expected {expected.Status}, found {Fingerprint}");
        AssertWellFormed();
        foreach (var (name, value) in expected.Headers)
        {
            Assert.True(Headers.TryGetValue(name, out var found), $"the header {name} is missing");
            Assert.Equal(value, found);
        }

        if (expected.Error is not null)
        {
            AssertMembers(new JsonObject { ["error"] = expected.Error, ["error_description"] = "*" }, Json(), absentIsEmpty: false);
        }

        if (expected.Body is not null)
        {
            AssertMembers(expected.Body, Json(), absentIsEmpty: false);
        }

        if (expected.Text is not null)
        {
            Assert.Equal(expected.Text, Body);
        }
    }

    /// <summary>What holds for every answer: RFC 6749 sections 5.1 and 5.2, RFC 9110 sections 15.5.2 and 15.5.6.</summary>
    private void AssertWellFormed()
    {
        if (!Succeeded)
        {
            Assert.Equal("no-store", Headers.GetValueOrDefault("Cache-Control"));
            Assert.Matches("^[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+$", Json()["error_description"]!.GetValue<string>());
            Assert.Equal(Status == 401, Headers.ContainsKey("WWW-Authenticate") && Status != 403);
            Assert.Equal(Status == 405, Headers.ContainsKey("Allow"));
        }

        if (Body.Length > 0)
        {
            Assert.Equal("application/json", Headers.GetValueOrDefault("Content-Type"));
        }

        if (Token is not null)
        {
            Assert.Equal("no-store", Headers.GetValueOrDefault("Cache-Control"));
        }
    }

    private JsonObject Json() => JsonNode.Parse(Body)!.AsObject();

    private static string? TokenIn(string body)
    {
        try
        {
            return body.Length > 0 && JsonNode.Parse(body) is JsonObject members ? (string?)members["access_token"] : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
