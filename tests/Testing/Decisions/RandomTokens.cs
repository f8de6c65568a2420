using System.Text.Json;
using Pltfrms.Iam.Common.AuthorizationDetails;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Realms.Model;
using Pltfrms.Iam.Common.Tokens;

namespace Testing.Decisions;

/// <summary>Random claims about who and what <see cref="RandomHistory"/> makes, whether anybody would issue such a token or not.</summary>
/// <param name="random">Chooses.</param>
/// <param name="realmId">The realm.</param>
/// <param name="issuer">Its issuer.</param>
/// <param name="keyThumbprints">The keys that tokens may be bound to (RFC 7638).</param>
public sealed class RandomTokens(RandomChoices random, string realmId, string issuer, IReadOnlyList<string> keyThumbprints)
{
    /// <summary>The certificate that tokens may be bound to.</summary>
    public const string Certificate = "thumbprint";

    /// <summary>Tokens come of <c>grant0</c> and so on.</summary>
    public const int Grants = 20;

    private int _count;

    public AccessToken Next(DateTimeOffset now)
    {
        var delegationId = random.OneIn(12) ? random.Pick(RandomHistory.DelegationIds) : null;
        var lifetime = TimeSpan.FromSeconds(random.Pick(5, 60, 300));
        return new()
        {
            TokenId = $"t{++_count}",
            RealmId = realmId,
            Issuer = issuer,
            Subject = random.OneIn(3) ? Client() : User(),
            ClientId = random.Pick(RandomHistory.ClientIds),
            Scopes = random.Some(RandomHistory.ScopeNames, 10),
            Audiences = random.OneIn(6) ? [issuer] : random.OneIn(3) ? [random.Pick(RandomHistory.Audiences)] : RandomHistory.Audiences,
            AuthorizationDetails = random.OneIn(3) ? Details() : [],
            OrganizationId = random.OneIn(3) ? random.Pick([.. RandomHistory.OrganizationIds, RandomHistory.Ghost]) : null,
            Acr = random.OneIn(3) ? random.Pick(RandomHistory.AcrValues) : null,
            GrantId = random.OneIn(3) ? $"grant{random.Below(Grants)}" : null,
            DelegationId = delegationId,
            Actors = delegationId is not null || random.OneIn(4) ? Actors() : [],
            ParentIds = random.OneIn(8) ? [$"t{1 + random.Below(_count)}"] : [],
            Confirmation = random.OneIn(5) ? Confirmation() : null,
            IssuedAt = now,
            ExpiresAt = now + lifetime,
        };
    }

    /// <summary>A token from a delegation that there is, so that some are good.</summary>
    public AccessToken From(DelegationRecord delegation, DateTimeOffset now) => Next(now) with
    {
        DelegationId = delegation.DelegationId,
        Subject = Principal.User(delegation.DelegatorId),
        Actors =
        [
            .. random.OneIn(4) ? [Client()] : Array.Empty<Principal>(),
            new(delegation.DelegateType, delegation.DelegateId),
        ],
        Scopes = random.Some(delegation.Scopes, 3),
        OrganizationId = delegation.OrganizationId,
    };

    /// <summary>A token from the word of a registered issuer, so that some are good.</summary>
    /// <param name="registered">As it is now.</param>
    /// <param name="versionOf">Names a rule as it is.</param>
    /// <param name="now">The time.</param>
    public AccessToken From(AssertionIssuer registered, Func<AssertionRule, string> versionOf, DateTimeOffset now) => Next(now) with
    {
        Assertion = new()
        {
            Name = registered.Name,
            Issuer = registered.Issuer,
            ClientId = random.Pick(registered.ClientIds.Count > 0 && !random.OneIn(10) ? [.. registered.ClientIds] : RandomHistory.ClientIds),
            Rules = [.. registered.Rules.Select(versionOf)],
            RoleIds = [.. registered.Rules.SelectMany(rule => rule.RoleIds)],
            AssertsRoles = registered.AssertsRoles,
            Token = registered.TrustedRealmId is { } trustedRealmId ? Origin(trustedRealmId, registered) : null,
        },
        DelegationId = null,
        Actors = [],
        Scopes = random.Some([.. registered.Scopes], 4),
        OrganizationId = registered.OrganizationIds.Count > 0 ? random.Pick([.. registered.OrganizationIds]) : null,
    };

    private RealmTokenOrigin Origin(string trustedRealmId, AssertionIssuer registered) => new()
    {
        RealmId = trustedRealmId,
        Subject = random.OneIn(3) ? Client() : User(),
        ClientId = random.Pick(registered.SubjectClientIds.Count > 0 && !random.OneIn(10) ? [.. registered.SubjectClientIds] : RandomHistory.ClientIds),
        OrganizationId = random.OneIn(4) ? random.Pick(RandomHistory.OrganizationIds) : null,
        Ids = [$"theirs{random.Below(200)}", .. random.OneIn(2) ? [$"grant{random.Below(Grants)}"] : Array.Empty<string>()],
    };

    private Confirmation Confirmation()
    {
        var kind = random.Below(3);
        return new()
        {
            JwkThumbprint = kind == 0 ? null : random.Pick(keyThumbprints),
            CertificateThumbprint = kind == 1 ? null : Certificate,
        };
    }

    private Principal User() => Principal.User(random.OneIn(15) ? RandomHistory.Ghost : random.Pick(RandomHistory.UserIds));

    private Principal Client() => Principal.Client(random.Pick(RandomHistory.ClientIds));

    private Principal[] Actors() => [.. Enumerable.Range(0, 1 + random.Below(3)).Select(_ => random.OneIn(3) ? User() : Client())];

    private AuthorizationDetail[] Details() => [.. Enumerable.Range(0, 1 + random.Below(2)).Select(_ => Detail())];

    private AuthorizationDetail Detail()
    {
        var members = new Dictionary<string, object> { ["type"] = random.Pick(RandomHistory.DetailTypes) };
        if (!random.OneIn(3))
        {
            members["identifier"] = random.Pick(RandomQuestions.Identifiers);
        }

        members["actions"] = random.Some(RandomHistory.DetailActions, 3);
        return AuthorizationDetail.Read(JsonSerializer.SerializeToElement(members))!;
    }
}
