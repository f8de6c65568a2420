using System.Buffers;
using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Token.Envoy;

/// <summary>The headers that tell the service behind Envoy who asks. Nobody else sets them: what a request has of these names is removed.</summary>
internal static class RequestFacts
{
    public const string Subject = "x-iam-subject";
    public const string ClientId = "x-iam-client-id";

    private const string Prefix = "x-iam-";
    private const string RealmId = "x-iam-realm-id";
    private const string SubjectType = "x-iam-subject-type";
    private const string OrganizationId = "x-iam-organization-id";
    private const string Scope = "x-iam-scope";
    private const string TokenId = "x-iam-token-id";
    private const string Acr = "x-iam-acr";
    private const string Actors = "x-iam-actors";

    private static readonly SearchValues<char> Printable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c)]);

    public static IReadOnlyList<string> Names { get; } = [RealmId, Subject, SubjectType, ClientId, OrganizationId, Scope, TokenId, Acr, Actors];

    /// <summary>Whether a service may take a header for one of these: many read an underscore as a hyphen.</summary>
    /// <param name="name">In lower case.</param>
    public static bool IsNamedLikeOne(string name) => name.Replace('_', '-').StartsWith(Prefix, StringComparison.Ordinal);

    /// <param name="token">Active, and allowed what it is used for.</param>
    /// <param name="organizationId">What was decided in; null: the realm itself.</param>
    public static IReadOnlyList<(string Name, string Value)> Of(AccessToken token, string? organizationId)
    {
        List<(string, string?)> facts =
        [
            (RealmId, token.RealmId),
            (Subject, token.Subject.Id),
            (SubjectType, WordOf(token.Subject.Type)),
            (ClientId, token.ClientId),
            (OrganizationId, organizationId),
            (Scope, string.Join(' ', token.Scopes)),
            (TokenId, token.TokenId),
            (Acr, token.Acr),
            (Actors, string.Join(", ", token.Actors.Select(actor => $"{WordOf(actor.Type)}:{actor.Id}"))),
        ];
        return [.. facts.Where(fact => !string.IsNullOrEmpty(fact.Item2)).Select(fact => (fact.Item1, Safe(fact.Item2!)))];
    }

    private static string WordOf(MemberType type) => type == MemberType.User ? "user" : "client";

    /// <summary>Percent-encoded where it is no value of a header.</summary>
    private static string Safe(string value) => value.AsSpan().ContainsAnyExcept(Printable) ? Uri.EscapeDataString(value) : value;
}
