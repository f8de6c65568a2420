using System.Reflection;
using System.Runtime.CompilerServices;
using Pltfrms.Iam.Client;
using Pltfrms.Iam.Client.AspNetCore;
using Pltfrms.Iam.Common.Realms;
using Pltfrms.Iam.Common.Storage;

namespace Architecture.Tests;

/// <summary>Sizes and shapes of types; the numbers are in <see cref="Budgets"/>.</summary>
public sealed class BudgetTests
{
    [Fact]
    public void Files_are_short() => Expect.NoneBut(
        Budgets.LongFiles,
        $"at most {Budgets.FileLines} lines",
        from file in Repository.Product
        where file.Lines.Count > Budgets.FileLines
        select (file.Path, $"{file}: {file.Lines.Count} lines"));

    [Fact]
    public void Program_files_only_compose() => Expect.None(
        $"at most {Budgets.ProgramLines} lines",
        from file in Repository.Product
        where file.Name == "Program.cs" && file.Lines.Count > Budgets.ProgramLines
        select $"{file}: {file.Lines.Count} lines");

    [Fact]
    public void Functions_fit_on_a_screen() => Expect.NoneBut(
        Budgets.LongFunctions,
        $"at most {Budgets.FunctionLines} lines",
        from file in Repository.Product
        from function in Functions.In(file)
        where function.Lines > Budgets.FunctionLines
        select ($"{file}: {function.Declaration}", $"{file}:{function.Line}: {function.Declaration}: {function.Lines} lines"));

    [Fact]
    public void The_measure_of_functions_finds_them()
    {
        var functions = Repository.Product.SelectMany(Functions.In).ToArray();

        Assert.True(functions.Length > 100);
        Assert.Contains(functions, function => function.Lines > 10);
    }

    [Fact]
    public void Constructors_take_few_parameters() => Expect.NoneBut(
        Budgets.WideConstructors,
        $"at most {Budgets.ConstructorParameters} parameters",
        from type in OwnTypes()
        where !IsRecord(type)
        from constructor in type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        let count = constructor.GetParameters().Length
        where count > Budgets.ConstructorParameters
        select (type.FullName!, $"{type.FullName}: {count} parameters"));

    [Fact]
    public void Stores_are_small() => Expect.NoneBut(
        Budgets.WideStores,
        $"at most {Budgets.StoreMethods} methods",
        from type in OwnTypes()
        where type.Name.EndsWith("Store", StringComparison.Ordinal)
        let count = type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Count(method => (method.IsPublic || method.IsAssembly) && !method.IsSpecialName && !IsGenerated(method))
        where count > Budgets.StoreMethods
        select (type.FullName!, $"{type.FullName}: {count} methods"));

    [Fact]
    public void Classes_are_sealed_abstract_or_static() => Expect.None(
        "seal it",
        from type in OwnTypes()
        where type.IsClass && !type.IsSealed && !type.IsAbstract && !OwnTypes().Any(other => other.BaseType == type)
        select type.FullName!);

    /// <remarks>Settings and options are what configuration binds to.</remarks>
    [Fact]
    public void Public_data_is_not_mutable() => Expect.NoneBut(
        Budgets.MutableTypes,
        "use init",
        from type in OwnTypes()
        where type.IsVisible && !type.Name.EndsWith("Settings", StringComparison.Ordinal) && !type.Name.EndsWith("Options", StringComparison.Ordinal)
        from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where property.SetMethod is { IsPublic: true } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
        select (type.FullName!, $"{type.FullName}.{property.Name}"));

    internal static IReadOnlyList<Type> OwnTypes() => Types.Value;

    private static readonly Lazy<IReadOnlyList<Type>> Types = new(() =>
    [
        .. from assembly in (Assembly[])[typeof(IDatabase).Assembly, typeof(RealmSnapshot).Assembly, typeof(IamClient).Assembly, typeof(RequirePermissionAttribute).Assembly, .. Services()]
           from type in assembly.GetTypes()
           where !IsGenerated(type) && type.Namespace?.StartsWith("Pltfrms.Iam", StringComparison.Ordinal) == true
           select type,
    ]);

    private static IEnumerable<Assembly> Services() =>
        new[] { "Pltfrms.Iam.RealmAdmin", "Pltfrms.Iam.Consent", "Pltfrms.Iam.Token", "Pltfrms.Iam.Suite" }.Select(Assembly.Load);

    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || (member.DeclaringType is { } outer && IsGenerated(outer));

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null);
}
