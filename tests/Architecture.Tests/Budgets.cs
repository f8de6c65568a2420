namespace Architecture.Tests;

/// <summary>What a newcomer can read in one sitting. Exceptions are few, and each says why.</summary>
internal static class Budgets
{
    public const int FileLines = 300;
    public const int FunctionLines = 40;
    public const int ProgramLines = 40;
    public const int ConstructorParameters = 6;
    public const int StoreMethods = 8;

    /// <summary>Path of a file that is longer, and the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> LongFiles = new Dictionary<string, string>();

    /// <summary><c>path: first line of the declaration</c> of a function that is longer, and the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> LongFunctions = new Dictionary<string, string>
    {
        ["services/common/Errors/WireError.cs: public static WireError For(ErrorReason reason) => reason switch"] = "a table, one line for each reason",
    };

    /// <summary>Full name of a type whose constructor takes more, and the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> WideConstructors = new Dictionary<string, string>();

    /// <summary>Full name of a store that has more methods, and the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> WideStores = new Dictionary<string, string>();

    /// <summary>Full name of a type that is no setting and may be changed after it was made, and the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> MutableTypes = new Dictionary<string, string>
    {
        ["Pltfrms.Iam.Common.Decisions.DecisionTrace"] = "gathers what the evaluation finds, step by step",
    };
}
