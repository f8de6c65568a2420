using System.Net;
using Pltfrms.Iam.Common.Decisions;
using Pltfrms.Iam.Common.Permissions;
using Pltfrms.Iam.Common.Tokens;

namespace Testing.Decisions;

/// <summary>Random questions about what <see cref="RandomHistory"/> makes.</summary>
public sealed class RandomQuestions(RandomChoices random)
{
    public static readonly string[] Identifiers = ["x", "y"];

    private static readonly IPAddress[] Addresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("192.0.2.1")];

    /// <param name="accessToken">The token to ask about; null: about a principal.</param>
    public PermissionQuestion Next(string? accessToken) => new()
    {
        Subject = new(accessToken, accessToken is null ? Principal() : null),
        Permission = random.OneIn(3) ? random.Pick(RandomHistory.Permissions) : random.Pick(RandomHistory.Declarable),
        Resource = random.OneIn(3) ? new(random.Pick([.. RandomHistory.DetailTypes, RandomHistory.Ghost]), random.Pick(Identifiers)) : null,
        Context = new()
        {
            OrganizationId = random.OneIn(3) ? random.Pick([.. RandomHistory.OrganizationIds, RandomHistory.Ghost]) : null,
            Audience = random.OneIn(8) ? random.Pick([.. RandomHistory.Audiences, RandomHistory.Ghost]) : null,
            SourceAddress = random.OneIn(2) ? random.Pick(Addresses) : null,
            Acr = random.OneIn(2) ? random.Pick([.. RandomHistory.AcrValues, "unheard-of"]) : null,
        },
        Presentation = random.OneIn(3) ? Presentation() : null,
        IncludeTrace = random.OneIn(4),
    };

    private Principal Principal() => random.OneIn(3)
        ? Pltfrms.Iam.Common.Permissions.Principal.Client(random.OneIn(10) ? RandomHistory.Ghost : random.Pick(RandomHistory.ClientIds))
        : Pltfrms.Iam.Common.Permissions.Principal.User(random.OneIn(10) ? RandomHistory.Ghost : random.Pick(RandomHistory.UserIds));

    /// <summary>How a token is presented, but for a proof.</summary>
    public TokenPresentation Presentation() => random.Below(3) switch
    {
        0 => new() { IsVerified = true },
        1 => new() { CertificateThumbprint = RandomTokens.Certificate },
        _ => new() { CertificateThumbprint = "another" },
    };
}
