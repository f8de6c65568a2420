using Pltfrms.Iam.Client.AspNetCore.Authorization;

namespace Pltfrms.Iam.Client.AspNetCore.Authentication;

/// <summary>Who was authenticated by a token: a feature of the request.</summary>
internal sealed class IamCaller(string token, Introspection introspection)
{
    /// <summary>Sensitive.</summary>
    public string Token { get; } = token;

    public Introspection Introspection { get; } = introspection;

    /// <summary>Requirements that are decided when the gRPC message is there.</summary>
    public List<PermissionRequirement> Deferred { get; } = [];
}
