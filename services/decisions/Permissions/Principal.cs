using Pltfrms.Iam.Common.Realms.Model;

namespace Pltfrms.Iam.Common.Permissions;

/// <summary>Who acts: a user or a client. Equal ids of different kinds are different principals.</summary>
/// <param name="Type"><see cref="MemberType.User"/> or <see cref="MemberType.Client"/>, never a group.</param>
/// <param name="Id">The user or client id.</param>
public readonly record struct Principal(MemberType Type, string Id)
{
    public static Principal User(string userId) => new(MemberType.User, userId);

    public static Principal Client(string clientId) => new(MemberType.Client, clientId);
}
