using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Storage;

namespace Pltfrms.Iam.RealmAdmin.Changes;

/// <summary>Resources as JSON for those who read about changes: secrets are named, their hashes are not shown.</summary>
public static class ResourceJson
{
    private const string Secrets = "secrets";
    private const string Revision = "revision";
    private const string LoginSettings = "login_settings";
    private const string Upstream = "upstream";
    private const string SealedSecret = "sealed_client_secret";
    private const string SecretVersion = "client_secret_version";

    // For people to read, never inside HTML.
    private static readonly JsonSerializerOptions Readable = new(StoredJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // All that may be known of a secret; what a secret is given later stays hidden until it is named here.
    private static readonly string[] ShownOfSecrets = ["secret_id", "created_at", "expires_at"];

    // What every write moves by itself says nothing about what somebody changed.
    private static readonly string[] Bookkeeping = ["realm_id", Revision, "created_at"];

    /// <summary>The resource without what must not be kept, nor the revision, which the reader has.</summary>
    public static string? Redacted(IRealmResource? resource) => resource switch
    {
        null => null,
        // Those with something to leave out.
        Realm or Client => Redacted(Node(resource)).ToJsonString(Readable),
        _ => JsonSerializer.Serialize(resource, resource.GetType(), Readable),
    };

    /// <summary>The fields in which two states of a resource differ, ordered by name.</summary>
    public static IReadOnlyList<FieldDifference> Differences(IRealmResource before, IRealmResource after)
    {
        var (was, becomes) = (Node(before), Node(after));
        var differing = Differing(was, becomes);
        return Named(differing, Redacted(was), Redacted(becomes));
    }

    /// <summary>The same of two states as <see cref="Redacted(IRealmResource?)"/> gives them; null: there is none. Nothing where one is no JSON.</summary>
    public static IReadOnlyList<FieldDifference> Differences(string? before, string? after)
    {
        try
        {
            var (was, becomes) = (Parse(before), Parse(after));
            return Named(Differing(was, becomes), was, becomes);
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static List<string> Differing(JsonObject was, JsonObject becomes) =>
    [
        .. was.Select(field => field.Key).Union(becomes.Select(field => field.Key))
            .Where(name => !Bookkeeping.Contains(name) && !JsonNode.DeepEquals(was[name], becomes[name]))
            .Order(StringComparer.Ordinal),
    ];

    private static IReadOnlyList<FieldDifference> Named(List<string> names, JsonObject was, JsonObject becomes) =>
        [.. names.Select(name => new FieldDifference(name, Text(was[name]), Text(becomes[name])))];

    private static JsonObject Parse(string? state) => state is null
        ? []
        : JsonNode.Parse(state, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException();

    private static JsonObject Node(IRealmResource resource) =>
        JsonSerializer.SerializeToNode(resource, resource.GetType(), StoredJson.Options)!.AsObject();

    private static JsonObject Redacted(JsonObject resource)
    {
        resource.Remove(Revision);
        foreach (var secret in (resource[Secrets] as JsonArray ?? []).OfType<JsonObject>())
        {
            foreach (var hidden in secret.Select(field => field.Key).Except(ShownOfSecrets).ToList())
            {
                secret.Remove(hidden);
            }
        }

        RedactUpstream(resource);
        return resource;
    }

    /// <summary>What is left tells one secret from another and nothing about either: it is of the sealed form.</summary>
    private static void RedactUpstream(JsonObject resource)
    {
        if (resource[LoginSettings]?[Upstream] is JsonObject upstream && upstream[SealedSecret]?.GetValue<string>() is { } secret)
        {
            upstream.Remove(SealedSecret);
            upstream[SecretVersion] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)).AsSpan(0, 4));
        }
    }

    private static string Text(JsonNode? node) => node?.ToJsonString(Readable) ?? "";
}

/// <summary>One field that differs; values are JSON, empty where unset.</summary>
public sealed record FieldDifference(string Field, string Before, string After);
