using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>No service knows another: they share services/common and speak gRPC. The suite alone puts them together.</summary>
public sealed partial class RoomTests
{
    private static readonly IReadOnlyDictionary<string, string> Rooms = new Dictionary<string, string>
    {
        ["services/realm-admin"] = "Pltfrms.Iam.RealmAdmin",
        ["services/consent"] = "Pltfrms.Iam.Consent",
        ["services/token"] = "Pltfrms.Iam.Token",
    };

    [Fact]
    public void A_service_references_common_and_no_other_service() =>
        Expect.None(
            "only ../common is shared",
            from room in Rooms.Keys
            from project in Repository.Projects.Where(project => project.Path.StartsWith(room + "/", StringComparison.Ordinal))
            from Match reference in ProjectReference().Matches(project.Text)
            where reference.Groups["path"].Value != "../common/Pltfrms.Iam.Common.csproj"
            select $"{project}: {reference.Groups["path"].Value}");

    [Fact]
    public void Common_references_decisions_contracts_and_compat_only() =>
        Expect.None(
            "services/common is below the services",
            from project in Repository.Projects.Where(project => project.Path.StartsWith("services/common/", StringComparison.Ordinal))
            from Match reference in ProjectReference().Matches(project.Text)
            let path = reference.Groups["path"].Value
            where path != "../decisions/Pltfrms.Iam.Decisions.csproj"
                && !path.StartsWith("../../protos/", StringComparison.Ordinal) && !path.StartsWith("../../compat/", StringComparison.Ordinal)
            select $"{project}: {path}");

    [Fact]
    public void Decisions_need_the_contracts_and_nothing_else() =>
        Expect.None(
            "the client library brings services/decisions along, so it fetches nothing and hosts nothing",
            from project in Repository.Projects.Where(project => project.Path.StartsWith("services/decisions/", StringComparison.Ordinal))
            from Match reference in AnyReference().Matches(project.Text)
            where reference.Groups["path"].Value != "../../protos/Pltfrms.Iam.Contracts.csproj"
            select $"{project}: {reference.Groups["path"].Value}");

    [Fact]
    public void The_client_references_contracts_and_decisions_only() =>
        Expect.None(
            "the client library brings no service along",
            from project in Repository.Files("clients/dotnet", "Pltfrms.Iam.Client.csproj")
            from Match reference in ProjectReference().Matches(project.Text)
            where reference.Groups["path"].Value is not ("../../protos/Pltfrms.Iam.Contracts.csproj" or "../../services/decisions/Pltfrms.Iam.Decisions.csproj")
            select $"{project}: {reference.Groups["path"].Value}");

    /// <remarks>The contracts' namespaces end in V1; those are what the services speak.</remarks>
    [Fact]
    public void No_namespace_of_one_service_is_used_in_another() =>
        Expect.None(
            "speak gRPC, or move what two share to services/common",
            from file in Repository.Product
            let own = Rooms.FirstOrDefault(room => file.Path.StartsWith(room.Key + "/", StringComparison.Ordinal)).Value
            where !file.Path.StartsWith("services/suite/", StringComparison.Ordinal)
            from foreign in Rooms.Values.Where(name => name != own)
            from found in file.Find(new Regex($@"\b{Regex.Escape(foreign)}(?!\.V1\b)(?!\w)"))
            select found);

    [GeneratedRegex("<ProjectReference Include=\"(?<path>[^\"]+)\"")]
    private static partial Regex ProjectReference();

    [GeneratedRegex("<(Project|Package|Framework)Reference Include=\"(?<path>[^\"]+)\"")]
    private static partial Regex AnyReference();
}
